//! Requests and answers of RFC 3161. The structures stand here because those of the published crates refuse times with
//! fractions of a second, which some authorities give.

use cms::cert::x509::ext::Extensions;
use cms::cert::x509::spki::AlgorithmIdentifierOwned;
use cms::content_info::ContentInfo;
use cms::signed_data::SignedData;
use der::asn1::{BitString, Int, ObjectIdentifier, OctetString};
use der::{
    Any, Decode as _, DecodeValue, Encode as _, EncodeValue, FixedTag, Header, Length, Reader, Sequence, Tag,
    Writer,
};
use soticket_schema::Timestamp;

use super::error::TimestampError;

const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
pub(super) const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
pub(super) const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");

#[derive(Clone, Debug, Sequence)]
struct MessageImprint {
    hash_algorithm: AlgorithmIdentifierOwned,
    hashed_message: OctetString,
}

#[derive(Clone, Debug, Sequence)]
struct TimeStampReq {
    version: u8,
    message_imprint: MessageImprint,
    nonce: Int,
    cert_req: bool,
}

#[derive(Clone, Debug, Sequence)]
struct PkiStatusInfo {
    status: u8,
    #[asn1(optional = "true")]
    status_string: Option<Vec<String>>,
    #[asn1(optional = "true")]
    fail_info: Option<BitString>,
}

#[derive(Clone, Debug, Sequence)]
struct TimeStampResp {
    status: PkiStatusInfo,
    #[asn1(optional = "true")]
    time_stamp_token: Option<ContentInfo>,
}

#[derive(Clone, Debug, Sequence)]
struct Accuracy {
    #[asn1(optional = "true")]
    seconds: Option<u64>,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    millis: Option<u16>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    micros: Option<u16>,
}

#[derive(Clone, Debug, Sequence)]
struct TstInfo {
    version: u8,
    policy: ObjectIdentifier,
    message_imprint: MessageImprint,
    serial_number: Int,
    gen_time: GenTime,
    #[asn1(optional = "true")]
    accuracy: Option<Accuracy>,
    #[asn1(default = "Default::default")]
    ordering: bool,
    #[asn1(optional = "true")]
    nonce: Option<Int>,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    tsa: Option<Any>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    extensions: Option<Extensions>,
}

/// A GeneralizedTime as its text.
#[derive(Clone, Debug)]
struct GenTime(Vec<u8>);

impl FixedTag for GenTime {
    const TAG: Tag = Tag::GeneralizedTime;
}

impl<'a> DecodeValue<'a> for GenTime {
    fn decode_value<R: Reader<'a>>(reader: &mut R, header: Header) -> der::Result<Self> {
        reader.read_vec(header.length).map(Self)
    }
}

impl EncodeValue for GenTime {
    fn value_len(&self) -> der::Result<Length> {
        Length::try_from(self.0.len())
    }

    fn encode_value(&self, writer: &mut impl Writer) -> der::Result<()> {
        writer.write(&self.0)
    }
}

impl GenTime {
    /// `20261130140000Z` or `20261130140000.25Z`.
    fn read(&self) -> Option<Timestamp> {
        let text = std::str::from_utf8(&self.0).ok()?.strip_suffix('Z')?;
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = |text: &str| text.bytes().all(|digit| digit.is_ascii_digit());
        if whole.len() != 14 || !digits(whole) || !digits(fraction) || text.ends_with('.') {
            return None;
        }
        let part = |from: usize, to: usize| &whole[from..to];
        let date = [part(0, 4), part(4, 6), part(6, 8)].join("-");
        let time = [part(8, 10), part(10, 12), part(12, 14)].join(":");
        // Nine digits are nanoseconds: finer is not kept anyway.
        let fraction = if fraction.is_empty() { String::new() } else { format!(".{fraction:.9}") };
        Timestamp::parse(&format!("{date}T{time}{fraction}Z")).ok()
    }
}

/// A request for a timestamp of a SHA-256 hash.
pub(super) fn request(imprint: &[u8], nonce: &[u8]) -> Result<Vec<u8>, TimestampError> {
    let request = TimeStampReq {
        version: 1,
        message_imprint: MessageImprint {
            hash_algorithm: AlgorithmIdentifierOwned { oid: SHA_256, parameters: Some(Any::null()) },
            hashed_message: OctetString::new(imprint)?,
        },
        nonce: Int::new(nonce)?,
        cert_req: true,
    };
    Ok(request.to_der()?)
}

/// A granted timestamp, read but not verified.
#[derive(Debug)]
pub(super) struct Answered {
    /// When.
    pub(super) time: Timestamp,
    /// What was signed, with who signed it.
    pub(super) signed: SignedData,
    /// The bytes that it signs the hash of.
    pub(super) content: Vec<u8>,
    info: TstInfo,
}

impl Answered {
    /// Reads a TimeStampResp.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, TimestampError> {
        let malformed = |what: &str| TimestampError::Malformed(what.to_owned());
        let answer = TimeStampResp::from_der(bytes)?;
        let status = &answer.status;
        // 0 is granted, 1 granted with changes, which the imprint and the nonce show to be harmless.
        if status.status > 1 {
            let told = status.status_string.iter().flatten().flat_map(|told| [", ", told]).collect();
            return Err(TimestampError::NotGranted { status: status.status, told });
        }
        let token = answer.time_stamp_token.ok_or_else(|| malformed("it holds no token"))?;
        if token.content_type != SIGNED_DATA {
            return Err(malformed("its token is not signed data"));
        }
        let signed: SignedData = token.content.decode_as()?;
        if signed.encap_content_info.econtent_type != TST_INFO {
            return Err(malformed("what is signed is no timestamp"));
        }
        let content = signed.encap_content_info.econtent.as_ref();
        let content = content.ok_or_else(|| malformed("what is signed is missing"))?;
        let content = content.decode_as::<OctetString>()?.into_bytes();
        let info = TstInfo::from_der(&content)?;
        if info.extensions.iter().flatten().any(|extension| extension.critical) {
            return Err(malformed("it has a critical extension that nobody here knows"));
        }
        let time = info.gen_time.read().ok_or_else(|| malformed("its time is none between 2000 and 2200"))?;
        Ok(Self { time, signed, content, info })
    }

    /// Demands that it is of this SHA-256 hash.
    pub(super) fn matching(self, imprint: &[u8]) -> Result<Self, TimestampError> {
        let stated = &self.info.message_imprint;
        let same = stated.hash_algorithm.oid == SHA_256 && stated.hashed_message.as_bytes() == imprint;
        if same { Ok(self) } else { Err(TimestampError::ImprintOther) }
    }

    /// Whether it answers the request with this nonce.
    pub(super) fn has(&self, nonce: &[u8]) -> bool {
        self.info.nonce.as_ref().is_some_and(|stated| stated.as_bytes() == nonce)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_and_without_fractions() {
        let read = |text: &str| GenTime(text.as_bytes().to_vec()).read();
        let at = |text: &str| Some(Timestamp::parse(text).unwrap());
        assert_eq!(read("20261130140000Z"), at("2026-11-30T14:00:00Z"));
        assert_eq!(read("20261130140000.25Z"), at("2026-11-30T14:00:00.25Z"));
        assert_eq!(read("20261130140000.123456789012Z"), at("2026-11-30T14:00:00.123456Z"));
        let wrong = [
            "",
            "Z",
            "20261130140000",
            "202611301400Z",
            "20261130140000.Z",
            "20261330140000Z",
            "x0261130140000Z",
        ];
        for wrong in wrong {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
