//! TLS, where the service ends it itself: certificate and key from files, which are looked at again while it serves, so that a
//! renewed certificate is taken without a restart.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use parking_lot::RwLock;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::{self, ServerConfig};

/// Certificate and key that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file that cannot be read as PEM.
    #[error("{0}: {1}")]
    File(PathBuf, rustls_pki_types::pem::Error),
    /// A file without what it is there for.
    #[error("{0}: there is no certificate in it")]
    Empty(PathBuf),
    /// They do not belong together, or are of a kind that is not supported.
    #[error(transparent)]
    Refused(#[from] rustls::Error),
}

/// A certificate with its chain and its key, as they were read last.
pub struct Tls {
    certificate: PathBuf,
    key: PathBuf,
    present: RwLock<(Arc<ServerConfig>, Written)>,
}

/// When the files were last written; none for one that is gone.
type Written = (Option<SystemTime>, Option<SystemTime>);

impl Tls {
    /// Reads a certificate with its chain, and its key, as PEM.
    ///
    /// # Errors
    /// They cannot be read or used.
    pub fn open(certificate: PathBuf, key: PathBuf) -> Result<Self, TlsError> {
        // Looked at first: what is written while they are read is read again.
        let written = written(&certificate, &key);
        let present = RwLock::new((Arc::new(read(&certificate, &key)?), written));
        Ok(Self { certificate, key, present })
    }

    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(Arc::clone(&self.present.read().0))
    }

    /// Reads the files again if they were written since: connections from now on get what they say. Whether they did; what
    /// cannot be used is passed over, and tried again when it is written again.
    pub(crate) fn renew(&self) -> Result<bool, TlsError> {
        let written = written(&self.certificate, &self.key);
        if written == self.present.read().1 {
            return Ok(false);
        }
        self.present.write().1 = written;
        let config = Arc::new(read(&self.certificate, &self.key)?);
        self.present.write().0 = config;
        Ok(true)
    }
}

fn written(certificate: &Path, key: &Path) -> Written {
    let at = |path: &Path| path.metadata().and_then(|of| of.modified()).ok();
    (at(certificate), at(key))
}

fn read(certificate: &Path, key: &Path) -> Result<ServerConfig, TlsError> {
    let file = |path: &Path| {
        let path = path.to_owned();
        move |error| TlsError::File(path, error)
    };
    let chain: Result<Vec<CertificateDer<'static>>, _> =
        CertificateDer::pem_file_iter(certificate).map_err(file(certificate))?.collect();
    let chain = chain.map_err(file(certificate))?;
    if chain.is_empty() {
        return Err(TlsError::Empty(certificate.to_owned()));
    }
    let key = PrivateKeyDer::from_pem_file(key).map_err(file(key))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let mut config = builder.with_no_client_auth().with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

impl From<TlsError> for io::Error {
    fn from(error: TlsError) -> Self {
        Self::new(io::ErrorKind::InvalidData, error)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::time::Duration;

    use super::*;

    /// Writes a certificate and its key, so long after what was there.
    fn certify(folder: &Path, later: u64) {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let at = SystemTime::now() + Duration::from_secs(later);
        for (name, text) in
            [("certificate.pem", made.cert.pem()), ("key.pem", made.signing_key.serialize_pem())]
        {
            let path = folder.join(name);
            fs::write(&path, text).unwrap();
            fs::File::options().write(true).open(&path).unwrap().set_modified(at).unwrap();
        }
    }

    #[test]
    fn a_renewed_certificate_is_taken_and_a_broken_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        certify(folder.path(), 0);
        let tls = Tls::open(folder.path().join("certificate.pem"), folder.path().join("key.pem")).unwrap();
        let present = || Arc::clone(&tls.present.read().0);
        let first = present();
        assert!(!tls.renew().unwrap(), "nothing was written");
        certify(folder.path(), 10);
        assert!(tls.renew().unwrap());
        assert!(!Arc::ptr_eq(&first, &present()));
        let second = present();
        fs::write(folder.path().join("key.pem"), "nonsense").unwrap();
        assert!(tls.renew().is_err());
        assert!(Arc::ptr_eq(&second, &present()), "the one before stays in use");
        assert!(!tls.renew().unwrap(), "it is tried again once it is written again");
        certify(folder.path(), 20);
        assert!(tls.renew().unwrap());
    }
}
