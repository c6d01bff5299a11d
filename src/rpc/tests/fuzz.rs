//! The fuzz target's entry over its checked-in corpus, and over mutations of it: a plain test's share of fuzzing.

#[path = "../fuzz/entry.rs"]
mod entry;

use std::path::Path;

use proptest::prelude::*;
use proptest::sample::Index;

fn corpus() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/packets");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the corpus is there")
        .map(|entry| entry.expect("a file").path())
        .collect();
    files.sort();
    let read = |path| std::fs::read(path).expect("a file");
    files.into_iter().map(read).collect()
}

#[test]
fn the_corpus_is_survived() {
    let corpus = corpus();
    assert!(corpus.len() >= 18, "{}", corpus.len());
    for input in corpus {
        entry::packets(&input);
    }
}

/// What a mutation does to a seed.
#[derive(Debug, Clone)]
enum Mutation {
    Flip(Index, u8),
    Word(Index, u32),
    Cut(Index),
    Repeat(Index, Index),
    Append(Index),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let word = prop_oneof![
        0u32..64,
        any::<u32>(),
        prop::sample::select(vec![u32::MAX, 0x7fff_ffff, 0x0200_0004]),
    ];
    prop_oneof![
        (any::<Index>(), 1u8..=255).prop_map(|(at, mask)| Mutation::Flip(at, mask)),
        (any::<Index>(), word).prop_map(|(at, word)| Mutation::Word(at, word)),
        any::<Index>().prop_map(Mutation::Cut),
        (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Mutation::Repeat(from, to)),
        any::<Index>().prop_map(Mutation::Append),
    ]
}

fn mutate(input: &mut Vec<u8>, mutation: &Mutation, corpus: &[Vec<u8>]) {
    let len = input.len();
    match mutation {
        Mutation::Append(which) => input.extend(&corpus[which.index(corpus.len())]),
        _ if len < 4 => {}
        Mutation::Flip(at, mask) => input[at.index(len)] ^= mask,
        Mutation::Word(at, word) => {
            let at = at.index(len / 4) * 4;
            input[at..at + 4].copy_from_slice(&word.to_be_bytes());
        }
        Mutation::Cut(at) => input.truncate(at.index(len)),
        Mutation::Repeat(from, to) => {
            let (from, to) = (from.index(len), to.index(len));
            let part = input[from.min(to)..from.max(to)].to_vec();
            input.extend(part);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn mutations_of_the_corpus_are_survived(
        seed in any::<Index>(),
        mutations in prop::collection::vec(mutation(), 1..6),
    ) {
        let corpus = corpus();
        let mut input = corpus[seed.index(corpus.len())].clone();
        for mutation in &mutations {
            mutate(&mut input, mutation, &corpus);
        }
        entry::packets(&input);
    }
}
