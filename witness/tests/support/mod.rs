//! A witness over HTTP, and logs to show it.

#![allow(dead_code, reason = "every test uses its own part")]

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use soticket_ledger::proof::{
    Checkpoint, Frontier, KeyKind, Nodes, Note, NoteKey, Submission, TreeHash, consistency,
};
use soticket_witness::{Witness, routes};
use tokio::net::TcpListener;

/// A log whose leaves are its numbers, with one salt for each history.
pub(crate) struct Log(pub(crate) u8);

impl Nodes for Log {
    type Error = ();
    fn node(&self, level: u8, index: u64) -> Result<TreeHash, ()> {
        Ok(self.tree(index << level, (index + 1) << level).root())
    }
}

impl Log {
    fn tree(&self, from: u64, to: u64) -> Frontier {
        let mut tree = Frontier::default();
        let leaf = |number: u64| TreeHash::leaf(&[[self.0].as_slice(), &number.to_be_bytes()].concat());
        (from..to).for_each(|number| tree.push(leaf(number)));
        tree
    }

    pub(crate) fn note(&self, origin: &str, size: u64) -> Note {
        Checkpoint::new(origin, size, self.tree(0, size).root()).signed(&log_key(origin))
    }

    pub(crate) fn submission(&self, origin: &str, old: u64, size: u64) -> Submission {
        let proof = if old > size { Vec::new() } else { consistency(self, old, size).unwrap() };
        Submission { old, proof, note: self.note(origin, size) }
    }
}

/// The key of a log, made of its origin.
pub(crate) fn log_key(origin: &str) -> NoteKey {
    NoteKey::from_seed(origin, KeyKind::Log, &[origin.len() as u8; 32]).unwrap()
}

/// Serves a witness until the process ends, and gives its URL.
pub(crate) fn serve(witness: Arc<Witness>) -> String {
    let (tell, told) = std::sync::mpsc::channel::<SocketAddr>();
    std::thread::spawn(move || {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
            tell.send(listener.local_addr().unwrap()).unwrap();
            axum::serve(listener, routes(witness)).await.unwrap();
        });
    });
    format!("http://{}", told.recv().unwrap())
}

/// An answer over HTTP.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) kind: String,
    pub(crate) body: String,
}

pub(crate) fn post(url: &str, body: &[u8]) -> Answer {
    read(agent().post(format!("{url}/add-checkpoint")).send(body).unwrap())
}

pub(crate) fn get(url: &str) -> Answer {
    read(agent().get(url).call().unwrap())
}

pub(crate) fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().http_status_as_error(false).proxy(None).build().into()
}

fn read(mut answer: ureq::http::Response<ureq::Body>) -> Answer {
    let kind = answer.headers()["content-type"].to_str().unwrap().to_owned();
    let status = answer.status().as_u16();
    Answer { status, kind, body: answer.body_mut().read_to_string().unwrap() }
}
