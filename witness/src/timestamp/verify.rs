//! Whether a kept timestamp proves that a checkpoint was there: the token is of its text, is signed by a certificate for
//! timestamps and nothing else, and that certificate leads to one that the verifier brings. Revocation is not looked up.

use std::time::Duration;

use cms::cert::CertificateChoices;
use cms::cert::x509::Certificate;
use cms::cert::x509::ext::pkix::{ExtendedKeyUsage, SubjectKeyIdentifier};
use cms::cert::x509::spki::AlgorithmIdentifierOwned;
use cms::signed_data::{SignerIdentifier, SignerInfo};
use der::asn1::{ObjectIdentifier, OctetString};
use der::{Any, Encode as _, Sequence};
use ring::digest::{Algorithm, SHA1_FOR_LEGACY_USE_ONLY, SHA256, SHA384, SHA512, digest};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm, TrustAnchor, UnixTime};
use soticket_schema::Timestamp;
use webpki::{EndEntityCert, KeyUsage, anchor_from_trusted_cert, ring as algorithms};

use super::error::TimestampError;
use super::imprint;
use super::token::{Answered, SHA_256, TST_INFO};

const SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_CERTIFICATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.12");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
const TIME_STAMPING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.8");
/// The same as webpki takes it.
const TIME_STAMPING_BYTES: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x08];

/// Signatures over one hash.
type Signatures = &'static [&'static dyn SignatureVerificationAlgorithm];

/// How tokens name signatures: with RSA and no hash, PSS, RSA with a hash of SHA-2, ECDSA with one, and Ed25519.
const SIGNATURE_NAMES: [ObjectIdentifier; 9] = [
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1"),
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10"),
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11"),
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.12"),
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.13"),
    ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2"),
    ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3"),
    ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.4"),
    ObjectIdentifier::new_unwrap("1.3.101.112"),
];

/// RFC 5035, with the older RFC 2634 whose hash is SHA-1 and not named.
#[derive(Clone, Debug, Sequence)]
struct SigningCertificate {
    certs: Vec<EssCertId>,
    #[asn1(optional = "true")]
    policies: Option<Any>,
}

#[derive(Clone, Debug, Sequence)]
struct EssCertId {
    #[asn1(optional = "true")]
    hash_algorithm: Option<AlgorithmIdentifierOwned>,
    cert_hash: OctetString,
    #[asn1(optional = "true")]
    issuer_serial: Option<Any>,
}

/// When an authority saw this text of a checkpoint, by its answer `tsr` (a DER TimeStampResp) and the certificates `roots`
/// (PEM) that the verifier trusts. The signer's certificate must have been valid at that time, not today.
///
/// # Errors
/// The first reason why the token proves nothing.
pub fn verify_timestamp(tsr: &[u8], text: &str, roots: &str) -> Result<Timestamp, TimestampError> {
    let answered = Answered::read(tsr)?.matching(&imprint(text))?;
    let certificates = certificates(&answered);
    let infos = answered.signed.signer_infos.0.as_slice();
    let [info] = infos else {
        return Err(TimestampError::Malformed(format!("it has {} signers, not one", infos.len())));
    };
    let signer = certificates.iter().find(|certificate| is_named(&info.sid, certificate));
    let signer = signer.ok_or_else(|| unfit("its certificate is not in the token"))?;
    demand_for_timestamps(signer)?;
    let der = CertificateDer::from(signer.to_der()?);
    verify_signature(&answered, info, &der)?;
    let others = certificates.iter().filter(|certificate| *certificate != signer);
    let others =
        others.map(|other| other.to_der().map(CertificateDer::from)).collect::<Result<Vec<_>, _>>()?;
    verify_chain(&der, &others, roots, answered.time)?;
    Ok(answered.time)
}

fn certificates(answered: &Answered) -> Vec<Certificate> {
    let set = answered.signed.certificates.iter().flat_map(|set| set.0.iter());
    set.filter_map(|choice| match choice {
        CertificateChoices::Certificate(certificate) => Some(certificate.clone()),
        CertificateChoices::Other(_) => None,
    })
    .collect()
}

fn is_named(sid: &SignerIdentifier, certificate: &Certificate) -> bool {
    let tbs = &certificate.tbs_certificate;
    match sid {
        SignerIdentifier::IssuerAndSerialNumber(named) => {
            named.issuer == tbs.issuer && named.serial_number == tbs.serial_number
        }
        SignerIdentifier::SubjectKeyIdentifier(named) => {
            matches!(tbs.get::<SubjectKeyIdentifier>(), Ok(Some((_, has))) if has == *named)
        }
    }
}

/// RFC 3161, section 2.3: one purpose, and critical.
fn demand_for_timestamps(certificate: &Certificate) -> Result<(), TimestampError> {
    match certificate.tbs_certificate.get::<ExtendedKeyUsage>() {
        Ok(Some((true, usage))) if usage.0 == [TIME_STAMPING] => Ok(()),
        _ => Err(unfit("its certificate is not for timestamps alone")),
    }
}

/// The signature over the signed attributes, and what these must say of the token and of the certificate.
fn verify_signature(
    answered: &Answered,
    info: &SignerInfo,
    certificate: &CertificateDer<'_>,
) -> Result<(), TimestampError> {
    let wrong = |what: &str| TimestampError::Signature(what.to_owned());
    let (hash, signatures) = over(info.digest_alg.oid).ok_or_else(|| wrong("its hash is none of SHA-2"))?;
    if !SIGNATURE_NAMES.contains(&info.signature_algorithm.oid) {
        return Err(wrong("it is of a kind that nobody here knows"));
    }
    if !answered.signed.digest_algorithms.iter().any(|listed| listed.oid == info.digest_alg.oid) {
        return Err(wrong("its hash is not among those that the token lists"));
    }
    let attributes = info.signed_attrs.as_ref().ok_or_else(|| wrong("it has no signed attributes"))?;
    let one = |oid: ObjectIdentifier| {
        let mut values = attributes.iter().filter(|attribute| attribute.oid == oid);
        match (values.next().map(|attribute| attribute.values.as_slice()), values.next()) {
            (Some([value]), None) => Some(value),
            _ => None,
        }
    };
    let kind = one(CONTENT_TYPE).and_then(|value| value.decode_as::<ObjectIdentifier>().ok());
    if kind != Some(TST_INFO) {
        return Err(wrong("the signed attributes are not of a timestamp"));
    }
    let stated = one(MESSAGE_DIGEST).and_then(|value| value.decode_as::<OctetString>().ok());
    if stated.is_none_or(|stated| stated.as_bytes() != digest(hash, &answered.content).as_ref()) {
        return Err(wrong("the hash in the signed attributes is not that of the timestamp"));
    }
    let names = [(SIGNING_CERTIFICATE_V2, &SHA256), (SIGNING_CERTIFICATE, &SHA1_FOR_LEGACY_USE_ONLY)];
    let mut bound = names.into_iter().filter_map(|(oid, usual)| Some((one(oid)?, usual)));
    if !bound.any(|(value, usual)| binds(value, usual, certificate)) {
        return Err(wrong("the signed attributes do not name the signer's certificate"));
    }
    // Signed is the SET itself, not the tag that it has inside the structure.
    let message = attributes.to_der()?;
    let key = EndEntityCert::try_from(certificate).map_err(|error| unfit(&error.to_string()))?;
    let signature = info.signature.as_bytes();
    if signatures.iter().any(|algorithm| key.verify_signature(*algorithm, &message, signature).is_ok()) {
        Ok(())
    } else {
        Err(wrong("it is not that of the certificate's key"))
    }
}

/// Whether a signing certificate attribute names this certificate first.
fn binds(value: &Any, usual: &'static Algorithm, certificate: &CertificateDer<'_>) -> bool {
    let Ok(named) = value.decode_as::<SigningCertificate>() else { return false };
    let Some(first) = named.certs.first() else { return false };
    let hash = match &first.hash_algorithm {
        None => Some(usual),
        Some(algorithm) => over(algorithm.oid).map(|(hash, _)| hash),
    };
    hash.is_some_and(|hash| digest(hash, certificate).as_ref() == first.cert_hash.as_bytes())
}

/// A hash, and the signatures over it that are believed.
fn over(hash: ObjectIdentifier) -> Option<(&'static Algorithm, Signatures)> {
    match hash {
        SHA_256 => Some((&SHA256, SIGNED_SHA_256)),
        SHA_384 => Some((&SHA384, SIGNED_SHA_384)),
        SHA_512 => Some((&SHA512, SIGNED_SHA_512)),
        _ => None,
    }
}

static SIGNED_SHA_256: Signatures = &[
    algorithms::RSA_PKCS1_2048_8192_SHA256,
    algorithms::RSA_PSS_2048_8192_SHA256_LEGACY_KEY,
    algorithms::ECDSA_P256_SHA256,
    algorithms::ECDSA_P384_SHA256,
];
static SIGNED_SHA_384: Signatures = &[
    algorithms::RSA_PKCS1_2048_8192_SHA384,
    algorithms::RSA_PSS_2048_8192_SHA384_LEGACY_KEY,
    algorithms::ECDSA_P256_SHA384,
    algorithms::ECDSA_P384_SHA384,
];
static SIGNED_SHA_512: Signatures = &[
    algorithms::RSA_PKCS1_2048_8192_SHA512,
    algorithms::RSA_PSS_2048_8192_SHA512_LEGACY_KEY,
    algorithms::ED25519,
];

/// Whether an authority's certificates, as PEM, can be verified with.
///
/// # Errors
/// [`TimestampError::Roots`]: one cannot be read, or there is none.
pub fn check_roots(roots: &str) -> Result<(), TimestampError> {
    anchors(&pem_certificates(roots)?).map(drop)
}

fn pem_certificates(pem: &str) -> Result<Vec<CertificateDer<'static>>, TimestampError> {
    let read = CertificateDer::pem_slice_iter(pem.as_bytes()).collect::<Result<_, _>>();
    read.map_err(|error| TimestampError::Roots(error.to_string()))
}

fn anchors<'a>(roots: &'a [CertificateDer<'_>]) -> Result<Vec<TrustAnchor<'a>>, TimestampError> {
    if roots.is_empty() {
        return Err(TimestampError::Roots("there is none in PEM form".to_owned()));
    }
    let anchors = roots.iter().map(anchor_from_trusted_cert).collect::<Result<_, _>>();
    anchors.map_err(|error| TimestampError::Roots(error.to_string()))
}

/// The way from the signer to a certificate of the verifier's, as it was at the time of the token.
fn verify_chain(
    signer: &CertificateDer<'_>,
    others: &[CertificateDer<'_>],
    roots: &str,
    time: Timestamp,
) -> Result<(), TimestampError> {
    let roots = pem_certificates(roots)?;
    let anchors = anchors(&roots)?;
    let signer = EndEntityCert::try_from(signer).map_err(|error| unfit(&error.to_string()))?;
    let at = UnixTime::since_unix_epoch(Duration::from_micros(u64::try_from(time.0).unwrap_or(0)));
    // That the signer is for timestamps has been demanded; certificates above it may leave their purposes open.
    let usage = KeyUsage::required_if_present(TIME_STAMPING_BYTES);
    signer
        .verify_for_usage(webpki::ALL_VERIFICATION_ALGS, &anchors, others, at, usage, None, None)
        .map(drop)
        .map_err(|error| TimestampError::Untrusted(error.to_string()))
}

fn unfit(what: &str) -> TimestampError {
    TimestampError::Signer(what.to_owned())
}
