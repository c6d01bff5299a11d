//! Every structure and event survives its wire form; and no bytes make the decoder panic or reserve too much.

use bytes::Bytes;
use proptest::prelude::*;

use crate::procedure::{Event, every_structure, sample_events};
use crate::sample::{Sample, Source};
use crate::wire::codec::{Decode, Encode};
use crate::wire::xdr::{DecodeError, Decoder, Encoder};

fn encode(value: &impl Encode) -> Bytes {
    let mut encoder = Encoder::new();
    value
        .encode(&mut encoder)
        .expect("samples are within limits");
    encoder.finish()
}

/// The value comes back; one byte less is noticed; one word more is left over.
fn survives<T: Encode + Decode + Sample + PartialEq + std::fmt::Debug>(source: &[u8]) {
    let value = T::sample(&mut Source::new(source));
    let wire = encode(&value);
    assert_eq!(wire.len() % 4, 0, "XDR comes in units of four bytes");
    assert!(wire.len() >= T::MIN_LEN, "MIN_LEN is the least there is");
    assert_eq!(
        T::decode(&mut Decoder::new(wire.clone())).as_ref(),
        Ok(&value)
    );
    if !wire.is_empty() {
        let cut = wire.slice(..wire.len() - 1);
        let error = T::decode(&mut Decoder::new(cut)).expect_err("a byte is missing");
        assert!(matches!(error, DecodeError::Short { .. }), "{error:?}");
    }
    let longer: Bytes = [&wire[..], &[0; 4]].concat().into();
    let mut decoder = Decoder::new(longer);
    assert_eq!(T::decode(&mut decoder).as_ref(), Ok(&value));
    assert_eq!(decoder.remaining(), 4);
}

/// One round-trip check for each structure of the spec.
fn all() -> Vec<fn(&[u8])> {
    let mut checks: Vec<fn(&[u8])> = Vec::new();
    macro_rules! check {
        ($type:ty) => {
            checks.push(survives::<$type>);
        };
    }
    every_structure!(check);
    checks
}

#[test]
fn the_smallest_value_of_every_structure_survives() {
    let structures = all();
    assert!(structures.len() > 500, "{}", structures.len());
    for survives in structures {
        survives(&[]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_structure_survives(source in prop::collection::vec(any::<u8>(), 0..2000)) {
        for survives in all() {
            survives(&source);
        }
    }

    #[test]
    fn every_event_survives(source in prop::collection::vec(any::<u8>(), 0..4000)) {
        for event in sample_events(&mut Source::new(&source)) {
            let mut encoder = Encoder::new();
            let (program, number) = event.encode(&mut encoder).expect("within limits");
            let mut decoder = Decoder::new(encoder.finish());
            let decoded = Event::decode(program.number(), number, &mut decoder);
            prop_assert_eq!(decoded, Some(Ok(event)));
        }
    }
}
