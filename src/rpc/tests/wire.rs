//! Byte vectors: what libvirt's own sources and recordings say stands on the wire.

use bytes::{BufMut, Bytes, BytesMut};
use proptest::prelude::*;
use virt_rpc::procedure::types::{Domain, DomainStatsRecord};
use virt_rpc::procedure::{self, ret};
use virt_rpc::wire::codec::{Codec, Decode, Encode, List, Strict};
use virt_rpc::wire::packet::{
    Deframer, FrameError, Header, Kind, PACKET_MAX, Program, Status, VERSION, build,
};
use virt_rpc::wire::xdr::{DecodeError, Decoder, EncodeError, Encoder};
use virt_rpc::{RemoteError, TypedParam, TypedValue, typed_param};

fn wire(value: &impl Encode) -> Bytes {
    let mut encoder = Encoder::new();
    value.encode(&mut encoder).expect("within limits");
    encoder.finish()
}

fn read<T: Decode>(bytes: &[u8]) -> Result<T, DecodeError> {
    T::decode(&mut Decoder::new(Bytes::copy_from_slice(bytes)))
}

#[test]
fn small_integers_take_four_bytes() {
    let info = ret::DomainGetInfo {
        state: 1,
        max_mem: 2,
        memory: 3,
        nr_virt_cpu: 4,
        cpu_time: 5,
    };
    let expected = [
        0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0,
        0, 5,
    ];
    assert_eq!(wire(&info), &expected[..]);
    assert_eq!(read::<ret::DomainGetInfo>(&expected), Ok(info));
    let too_large = DecodeError::Invalid {
        what: "u8",
        value: 256,
    };
    assert_eq!(read::<u8>(&[0, 0, 1, 0]), Err(too_large));
    assert_eq!(read::<i8>(&[0xff; 4]), Ok(-1));
    assert_eq!(read::<i32>(&[0xff; 4]), Ok(-1));
}

#[test]
fn strings_are_padded_and_optional_ones_have_a_flag() {
    let open = procedure::ConnectOpen {
        name: Some("abcde".into()),
        flags: 1,
    };
    assert_eq!(
        wire(&open),
        &b"\0\0\0\x01\0\0\0\x05abcde\0\0\0\0\0\0\x01"[..]
    );
    let open = procedure::ConnectOpen {
        name: None,
        flags: 0,
    };
    assert_eq!(wire(&open), &[0; 8][..]);
    let two = DecodeError::Invalid {
        what: "boolean",
        value: 2,
    };
    assert_eq!(read::<Option<u32>>(&[0, 0, 0, 2, 0, 0, 0, 0]), Err(two));
}

#[test]
fn a_domain_is_name_uuid_and_id() {
    let bytes = b"\0\0\0\x04test\x66\x95\xeb\x01\xf6\xa4\x83\x04\x79\xaa\x97\xf2\x50\x2e\x19\x3f\xff\xff\xff\xff";
    let domain = read::<Domain>(bytes).expect("a recorded domain");
    assert_eq!((domain.name.as_str(), domain.id), ("test", -1));
    assert_eq!(
        domain.uuid.to_string(),
        "6695eb01-f6a4-8304-79aa-97f2502e193f"
    );
    assert_eq!(wire(&domain), &bytes[..]);
}

#[test]
fn c_chars_take_four_bytes_each() {
    let mut bytes = BytesMut::new();
    for char in b"x86_64".iter().chain(&[0; 26]) {
        bytes.put_u32(u32::from(*char));
    }
    bytes.put_bytes(0, 8 + 6 * 4);
    assert_eq!(bytes.len(), 160, "what a real daemon sends");
    let info = read::<ret::NodeGetInfo>(&bytes).expect("whole");
    assert_eq!(info.model.to_text(), "x86_64");
    let sasl = procedure::AuthSaslStep {
        nil: 0,
        data: vec![1, 255],
    };
    assert_eq!(
        wire(&sasl),
        &[0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 255][..]
    );
    // A compiler with signed chars sends 255 as -1.
    let signed = [0, 0, 0, 0, 0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff];
    assert_eq!(
        read::<procedure::AuthSaslStep>(&signed)
            .expect("whole")
            .data,
        [255]
    );
}

#[test]
fn typed_parameters_have_seven_types() {
    let cases: [(TypedValue, &[u8]); 7] = [
        (TypedValue::Int(-1), b"\0\0\0\x01\xff\xff\xff\xff"),
        (TypedValue::UInt(7), b"\0\0\0\x02\0\0\0\x07"),
        (
            TypedValue::LLong(-2),
            b"\0\0\0\x03\xff\xff\xff\xff\xff\xff\xff\xfe",
        ),
        (TypedValue::ULLong(8), b"\0\0\0\x04\0\0\0\0\0\0\0\x08"),
        (TypedValue::Double(1.5), b"\0\0\0\x05\x3f\xf8\0\0\0\0\0\0"),
        (TypedValue::Boolean(true), b"\0\0\0\x06\0\0\0\x01"),
        (
            TypedValue::String("hi".into()),
            b"\0\0\0\x07\0\0\0\x02hi\0\0",
        ),
    ];
    for (value, bytes) in cases {
        assert_eq!(wire(&value), bytes);
        assert_eq!(read::<TypedValue>(bytes), Ok(value));
    }
    assert_eq!(read(b"\0\0\0\x06\0\0\0\x2a"), Ok(TypedValue::Boolean(true)));
    assert!(
        read::<TypedValue>(b"\0\0\0\x08\0\0\0\0").is_err(),
        "an eighth type"
    );
    let params = [TypedParam::new("a", 1u64), TypedParam::new("b", "text")];
    assert_eq!(
        typed_param::find(&params, "a").and_then(TypedValue::as_u64),
        Some(1)
    );
    assert_eq!(
        typed_param::find(&params, "b").and_then(TypedValue::as_str),
        Some("text")
    );
    assert_eq!(typed_param::find(&params, "c"), None);
    assert_eq!(TypedValue::Int(-1).as_u64(), None);
    assert_eq!(TypedValue::ULLong(u64::MAX).as_i64(), None);
    assert_eq!(TypedValue::UInt(2).as_bool(), Some(true));
}

#[test]
fn names_are_repaired_and_xml_is_not() {
    let broken = b"\0\0\0\x03a\xffb\0";
    assert_eq!(read::<String>(broken).as_deref(), Ok("a\u{fffd}b"));
    let mut decoder = Decoder::new(Bytes::from_static(broken));
    assert_eq!(
        <Strict as Codec<String>>::take(&mut decoder),
        Err(DecodeError::NotUtf8)
    );
    assert_eq!(
        read::<ret::DomainGetXmlDesc>(broken),
        Err(DecodeError::NotUtf8)
    );
}

#[test]
fn limits_hold_both_ways() {
    let keys = |count| procedure::DomainSendKey {
        dom: Domain {
            name: String::new(),
            uuid: uuid::Uuid::nil(),
            id: 1,
        },
        codeset: 0,
        holdtime: 0,
        keycodes: vec![1; count],
        flags: 0,
    };
    assert!(keys(16).encode(&mut Encoder::new()).is_ok());
    let too_many = EncodeError::TooLong { len: 17, max: 16 };
    assert_eq!(keys(17).encode(&mut Encoder::new()), Err(too_many));
    assert!("x".repeat(4_194_305).encode(&mut Encoder::new()).is_err());
    for length in [0xffff_ffff_u32, 4_194_305] {
        let too_long = DecodeError::TooLong {
            len: length,
            max: 4_194_304,
        };
        assert_eq!(read::<String>(&length.to_be_bytes()), Err(too_long));
    }
    // A legal count for which nothing follows.
    let mut decoder = Decoder::new(Bytes::from_static(&[0, 0, 0x40, 0]));
    let list: Result<Vec<DomainStatsRecord>, _> = List::<16384>::take(&mut decoder);
    assert!(matches!(list, Err(DecodeError::Short { .. })));
}

#[test]
fn errors_of_every_age_are_understood() {
    let error = RemoteError {
        code: 39,
        domain: 7,
        message: Some("unknown procedure: 456".into()),
        level: 2,
        ..RemoteError::default()
    };
    assert_eq!(read::<RemoteError>(&wire(&error)), Ok(error.clone()));
    let remote = Program::Remote.number();
    assert!(error.is_unknown_procedure(remote, 456));
    assert!(!error.is_unknown_procedure(remote, 45));
    let with = |code, domain, message: &str| RemoteError {
        code,
        domain,
        message: Some(message.into()),
        ..RemoteError::default()
    };
    assert!(with(39, 13, "неизвестная процедура: 456").is_unknown_procedure(remote, 456));
    assert!(
        with(39, 7, "Cannot find program 536903815 version 1").is_unknown_procedure(0x2000_8087, 1)
    );
    for other in [
        with(39, 7, "authentication required"),
        with(39, 7, "Unable to decode message payload"),
        with(38, 7, "unknown procedure: 456"),
        with(39, 10, "monitor says 456"),
    ] {
        assert!(!other.is_unknown_procedure(remote, 456), "{other:?}");
    }
    assert_eq!(RemoteError::default().to_string(), "error 0 of subsystem 0");
}

fn header(kind: Kind) -> Header {
    Header {
        program: Program::Remote.number(),
        version: VERSION,
        procedure: 343,
        kind,
        serial: 9,
        status: Status::Ok,
    }
}

#[test]
fn a_packet_counts_its_length_word_but_not_the_carriers() {
    let packet = build(&header(Kind::ReplyWithFds), 1, &[]).expect("small");
    let expected =
        b"\0\0\0\x20\x20\0\x80\x86\0\0\0\x01\0\0\x01\x57\0\0\0\x05\0\0\0\x09\0\0\0\0\0\0\0\x01";
    assert_eq!(
        packet,
        &expected[..],
        "as recorded: 32 bytes, then one that is not counted"
    );
    let mut deframer = Deframer::default();
    deframer.buffer().extend_from_slice(&packet);
    assert_eq!(deframer.next_packet(), Ok(None), "the carrier is missing");
    deframer.buffer().extend_from_slice(b"!");
    let packet = deframer.next_packet().expect("sane").expect("whole");
    assert_eq!((packet.fds, packet.payload.len()), (1, 0));
    assert!(deframer.buffer().is_empty());
    assert!(build(&header(Kind::Call), 0, &vec![0; PACKET_MAX - 28]).is_ok());
    assert!(build(&header(Kind::Call), 0, &vec![0; PACKET_MAX - 27]).is_err());
}

#[test]
fn impossible_lengths_end_the_reading() {
    for length in [0u32, 4, 27, PACKET_MAX as u32 + 1, u32::MAX] {
        let mut deframer = Deframer::default();
        deframer.buffer().extend_from_slice(&length.to_be_bytes());
        assert_eq!(deframer.next_packet(), Err(FrameError::Length(length)));
    }
    for count in [33u32, u32::MAX] {
        let mut deframer = Deframer::default();
        let packet = build(&header(Kind::ReplyWithFds), count as usize, &[]).expect("small");
        deframer.buffer().extend_from_slice(&packet);
        assert_eq!(deframer.next_packet(), Err(FrameError::Descriptors));
    }
    let mut deframer = Deframer::default();
    let mut packet = build(&header(Kind::Reply), 0, &[]).expect("small").to_vec();
    packet[19] = 5;
    deframer.buffer().extend_from_slice(&packet);
    assert_eq!(
        deframer.next_packet(),
        Err(FrameError::Descriptors),
        "no room for the count"
    );
}

proptest! {
    #[test]
    fn packets_survive_any_cutting(
        payloads in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..200), 1..8),
        step in 1usize..50,
    ) {
        let all: Vec<u8> = payloads
            .iter()
            .flat_map(|payload| build(&header(Kind::Stream), 0, payload).expect("small"))
            .collect();
        let mut deframer = Deframer::default();
        let mut seen = Vec::new();
        for piece in all.chunks(step) {
            deframer.buffer().extend_from_slice(piece);
            while let Some(packet) = deframer.next_packet().expect("sane") {
                prop_assert_eq!(packet.header, header(Kind::Stream));
                seen.push(packet.payload.to_vec());
            }
        }
        prop_assert_eq!(seen, payloads);
    }

    #[test]
    fn garbage_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let mut deframer = Deframer::default();
        deframer.buffer().extend_from_slice(&bytes);
        while let Ok(Some(_)) = deframer.next_packet() {}
        let _ = read::<ret::ConnectGetAllDomainStats>(&bytes);
        let _ = read::<RemoteError>(&bytes);
        let _ = read::<ret::DomainInterfaceAddresses>(&bytes);
    }
}
