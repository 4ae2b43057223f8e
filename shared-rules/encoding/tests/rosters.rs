//! Rosters as they come, in every encoding.

use encoding_rs::{GBK, MACINTOSH, SHIFT_JIS, WINDOWS_1250, WINDOWS_1252};
use proptest::{prelude::*, test_runner::RngSeed};
use text_encoding::{Encoding, Transcoded, Transcoder};

const HEADER: &str = "Email,FirstName,LastName,Note\r\n";

const WESTERN: &str = "jose@example.org,José,García,\r\n\
    mueller@example.org,Jürgen,Müller,\r\n\
    francois@example.org,François,Lefèvre,“regular” – paid 20 €\r\n\
    zoe@example.org,Zoë,O’Brien,\r\n";

const CENTRAL: &str = "dvorak@example.org,Antonín,Dvořák,\r\n\
    walesa@example.org,Łukasz,Wałęsa,\r\n\
    simon@example.org,Šimon,Kučera,\r\n\
    zofia@example.org,Zofia,Święcicka,\r\n";

const JAPANESE: &str = "taro@example.org,太郎,山田,\r\nhanako@example.org,花子,佐藤,\r\n";

const CHINESE: &str = "ming@example.org,小明,王,\r\nwei@example.org,伟,张,\r\n";

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

fn encode(text: &str, encoding: Encoding) -> Vec<u8> {
    let codec = match encoding {
        Encoding::Utf8 => return text.as_bytes().to_vec(),
        Encoding::Utf16Le => return utf16(text, u16::to_le_bytes),
        Encoding::Utf16Be => return utf16(text, u16::to_be_bytes),
        Encoding::Windows1252 => WINDOWS_1252,
        Encoding::Windows1250 => WINDOWS_1250,
        Encoding::Iso8859_2 => encoding_rs::ISO_8859_2,
        Encoding::ShiftJis => SHIFT_JIS,
        Encoding::Gbk => GBK,
        Encoding::MacRoman => MACINTOSH,
    };
    let (bytes, _, has_unmappable) = codec.encode(text);
    assert!(!has_unmappable, "{encoding} has all of {text}");
    bytes.into_owned()
}

fn transcode(mut transcoder: Transcoder, file: &[u8]) -> (String, Transcoded) {
    let mut text = Vec::new();
    for chunk in file.chunks(1000) {
        transcoder.push(chunk, &mut |utf8| text.extend_from_slice(utf8));
    }
    let result = transcoder.finish(&mut |utf8| text.extend_from_slice(utf8));
    (String::from_utf8_lossy(&text).into_owned(), result)
}

/// The text comes back from a file in this encoding.
fn check(text: &str, encoding: Encoding) {
    let (found, result) = transcode(Transcoder::sniffing(), &encode(text, encoding));
    assert_eq!(result, Transcoded { encoding, undecodable: 0 }, "{}", text.trim_start_matches(ASCII_ROW));
    assert!(found == text, "{encoding}: {}", text.trim_start_matches(ASCII_ROW));
}

const ASCII_ROW: &str = "ann.smith@example.org,Ann,Smith,regular\r\n";

#[test]
fn rosters_are_read_in_every_encoding() {
    for (rows, encodings) in [
        (WESTERN, [Encoding::Windows1252, Encoding::MacRoman].as_slice()),
        (CENTRAL, &[Encoding::Windows1250, Encoding::Iso8859_2]),
        (JAPANESE, &[Encoding::ShiftJis]),
        (CHINESE, &[Encoding::Gbk]),
    ] {
        let unicode = [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be];
        for &encoding in unicode.iter().chain(encodings) {
            check(&format!("{HEADER}{rows}"), encoding);
            check(&format!("{HEADER}{rows}{}", ASCII_ROW.repeat(2_000)), encoding);
            check(&format!("{HEADER}{}{rows}", ASCII_ROW.repeat(5_000)), encoding);
        }
    }
}

#[test]
fn a_byte_order_mark_decides() {
    for (mark, encoding) in [(b"\xff\xfe", Encoding::Utf16Le), (b"\xfe\xff", Encoding::Utf16Be)] {
        let file = [mark.as_slice(), &encode(JAPANESE, encoding)].concat();
        let (text, result) = transcode(Transcoder::sniffing(), &file);
        assert_eq!((text.as_str(), result.encoding), (JAPANESE, encoding));
    }
    // The reader of rows takes this one off.
    let marked = format!("\u{feff}{JAPANESE}");
    check(&marked, Encoding::Utf8);
}

#[test]
fn one_letter_is_taken_for_western_windows_where_that_is_plausible() {
    for text in
        ["é", "José", "Zúñiga", "Geneviève", "“Bob”", "Ja’quan", "Smith – Jones", "20 €", "MÜLLER", "CAMÕES"]
    {
        check(text, Encoding::Windows1252);
    }
}

#[test]
fn one_letter_of_mac_roman_is_told_where_windows_is_implausible() {
    for text in ["José", "MÜLLER", "François", "Núñez", "O’Brien", "“Bob”", "Noël", "Jesús", "€50"]
    {
        check(text, Encoding::MacRoman);
    }
}

#[test]
fn a_few_letters_of_east_asia_are_enough() {
    for (name, encoding) in [
        ("山田太郎", Encoding::ShiftJis),
        ("ヤマダ", Encoding::ShiftJis),
        ("東京都", Encoding::ShiftJis),
        ("王小明", Encoding::Gbk),
        ("刘洋", Encoding::Gbk),
        ("李娜", Encoding::Gbk),
    ] {
        check(&format!("{HEADER}a@example.org,{name},Smith,\r\n{ASCII_ROW}"), encoding);
    }
}

#[test]
fn ascii_alone_is_utf8() {
    for text in ["", "a", HEADER, &ASCII_ROW.repeat(100)] {
        check(text, Encoding::Utf8);
    }
}

#[test]
fn damaged_utf8_is_left_for_the_reader_of_rows() {
    let rows = WESTERN.repeat(2_000);
    let file = [rows.as_bytes(), b"Jos\xe9\n"].concat();
    let mut text = Vec::new();
    let mut transcoder = Transcoder::sniffing();
    transcoder.push(&file, &mut |utf8| text.extend_from_slice(utf8));
    assert_eq!(transcoder.encoding(), Some(Encoding::Utf8));
    let result = transcoder.finish(&mut |utf8| text.extend_from_slice(utf8));
    assert_eq!(result, Transcoded { encoding: Encoding::Utf8, undecodable: 0 });
    assert!(text == file);
}

#[test]
fn an_encoding_can_be_imposed() {
    let file = encode(WESTERN, Encoding::MacRoman);
    let transcoder = Transcoder::fixed(Encoding::MacRoman);
    assert_eq!(transcoder.encoding(), Some(Encoding::MacRoman));
    assert_eq!(transcode(transcoder, &file).0, WESTERN);

    let (text, result) = transcode(Transcoder::fixed(Encoding::Windows1250), b"Dvo\xf8\xe1k");
    assert_eq!((text.as_str(), result.encoding), ("Dvořák", Encoding::Windows1250));
}

#[test]
fn what_cannot_be_decoded_is_replaced_and_counted() {
    for (encoding, file, text, undecodable) in [
        (Encoding::ShiftJis, b"a\xffb,\x8e".as_slice(), "a\u{fffd}b,\u{fffd}", 2),
        (Encoding::Gbk, b"a\xff\n", "a\u{fffd}\n", 1),
        (Encoding::Utf16Le, b"a\0\x00\xd8b\0c", "a\u{fffd}b\u{fffd}", 2),
        (Encoding::Windows1252, b"Jos\xe9", "José", 0),
    ] {
        let (found, result) = transcode(Transcoder::fixed(encoding), file);
        assert_eq!((found.as_str(), result), (text, Transcoded { encoding, undecodable }));
    }
}

/// Pieces that meet each other in damaged files.
fn damaged_file() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(ASCII_ROW.repeat(3).into_bytes()),
        Just(ASCII_ROW.repeat(1_700).into_bytes()),
        proptest::sample::select(Encoding::ALL.to_vec()).prop_map(|encoding| match encoding {
            Encoding::Windows1250 | Encoding::Iso8859_2 => encode(CENTRAL, encoding),
            Encoding::ShiftJis => encode(JAPANESE, encoding),
            Encoding::Gbk => encode(CHINESE, encoding),
            _ => encode(WESTERN, encoding),
        }),
        proptest::collection::vec(any::<u8>(), 0..20),
        Just(b"\xef\xbb\xbf".to_vec()),
        Just(b"\xff\xfe".to_vec()),
    ];
    proptest::collection::vec(piece, 0..5).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() })]

    #[test]
    fn any_cutting_gives_the_same(
        file in damaged_file(),
        sizes in proptest::collection::vec(prop_oneof![1_usize..5, 1_usize..100_000], 1..10),
        fixed in proptest::option::of(proptest::sample::select(Encoding::ALL.to_vec())),
    ) {
        let transcoder = || fixed.map_or_else(Transcoder::sniffing, Transcoder::fixed);
        let mut whole = Vec::new();
        let mut one_push = transcoder();
        one_push.push(&file, &mut |utf8| whole.extend_from_slice(utf8));
        let expected = one_push.finish(&mut |utf8| whole.extend_from_slice(utf8));

        let mut cut = Vec::new();
        let mut many_pushes = transcoder();
        let (mut rest, mut sizes) = (file.as_slice(), sizes.iter().cycle());
        while let Some(&size) = sizes.next().filter(|_| !rest.is_empty()) {
            let (chunk, after) = rest.split_at(size.min(rest.len()));
            many_pushes.push(chunk, &mut |utf8| cut.extend_from_slice(utf8));
            rest = after;
        }
        prop_assert_eq!(many_pushes.finish(&mut |utf8| cut.extend_from_slice(utf8)), expected);
        prop_assert!(cut == whole);
        prop_assert!(expected.encoding == Encoding::Utf8 || String::from_utf8(cut).is_ok());
    }
}
