//! A lean HTTP/1.1 client: one connection, kept alive, whole requests in and whole bodies out.

use anyhow::{Context, Result, bail};
use serde_json::{Value as Json, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Where a server listens.
#[derive(Debug, Clone)]
pub(crate) struct Address {
    host: String,
    token: String,
}

impl Address {
    /// Reads `http://host:port`; whoever sends this token is an owner of what is sold.
    pub(super) fn parse(url: &str, token: &str) -> Result<Self> {
        let host = url.strip_prefix("http://").context("the server's URL must begin with http://")?;
        Ok(Self { host: host.trim_end_matches('/').to_owned(), token: token.to_owned() })
    }

    pub(crate) fn of(address: std::net::SocketAddr, token: &str) -> Self {
        Self { host: address.to_string(), token: token.to_owned() }
    }

    /// What requests prove themselves with.
    pub(super) fn bearer(&self) -> String {
        format!("Bearer {}", self.token)
    }

    /// The same for whoever has another token.
    pub(super) fn with_token(&self, token: &str) -> Self {
        Self { host: self.host.clone(), token: token.to_owned() }
    }

    /// A whole request that posts this GraphQL body.
    pub(crate) fn request(&self, query: &str, variables: &Json) -> Vec<u8> {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let length = body.len();
        format!(
            "POST /graphql HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nAccept: application/json\r\n\
             Authorization: Bearer {}\r\nContent-Length: {length}\r\n\r\n{body}",
            self.host, self.token
        )
        .into_bytes()
    }
}

/// A connection that is kept alive.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub(crate) async fn open(address: &Address) -> Result<Self> {
        let stream = TcpStream::connect(&address.host).await.with_context(|| address.host.clone())?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(16 << 10) })
    }

    /// Sends a whole request and gives the body of its answer; another status than 200 is an error.
    pub(crate) async fn exchange(&mut self, request: &[u8]) -> Result<&[u8]> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let head = loop {
            self.read_more().await?;
            if let Some(end) = find(&self.buffer, b"\r\n\r\n") {
                break end + 4;
            }
        };
        let end = head + content_length(&self.buffer[..head])?;
        while self.buffer.len() < end {
            self.read_more().await?;
        }
        if !self.buffer.starts_with(b"HTTP/1.1 200 ") || self.buffer.len() > end {
            bail!("unexpected answer: {}", String::from_utf8_lossy(&self.buffer));
        }
        Ok(&self.buffer[head..end])
    }

    async fn read_more(&mut self) -> Result<()> {
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => bail!("the server closed the connection: {}", String::from_utf8_lossy(&self.buffer)),
            _ => Ok(()),
        }
    }
}

fn content_length(head: &[u8]) -> Result<usize> {
    let head = std::str::from_utf8(head)?;
    let mut lines = head.lines().filter_map(|line| line.split_once(':'));
    let length = lines.find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let (_, length) = length.with_context(|| format!("an answer without a length: {head}"))?;
    Ok(length.trim().parse()?)
}

/// Where `part` begins in `bytes`.
pub(super) fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}
