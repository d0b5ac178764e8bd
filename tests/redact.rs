//! `unleak redact`: what goes in comes out, but for the secrets, wherever the stream is cut.

mod support;

use std::io::Write;
use std::process::{Command, Output, Stdio};
use support::sendgrid_key;

const MASK: &str = "[redacted:sendgrid-api-key]";

/// Feeds the pieces one after the other, each by itself.
fn redact(pieces: &[&[u8]], arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_unleak"));
    command.args(["redact", "--no-config"]).args(arguments);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program can be started");
    let mut input = child.stdin.take().expect("it is piped");
    let output = std::thread::scope(|scope| {
        scope.spawn(move || {
            for piece in pieces {
                input.write_all(piece).expect("the program reads its input");
                input.flush().expect("a pipe has no buffer");
            }
        });
        child.wait_with_output().expect("the program ends")
    });
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output
}

#[test]
fn secrets_across_every_edge_of_a_long_stream_are_masked_whole() {
    let (mut text, mut wanted) = (String::new(), String::new());
    // A key every so many bytes, in steps that no power of two divides, meets every edge at some place of it.
    for number in 0..9000 {
        let key = sendgrid_key(number % 97);
        let line = format!("{number:07} {} authorization: Bearer KEY! done\n", "x".repeat((number % 71) as usize));
        text.push_str(&line.replace("KEY!", &key));
        wanted.push_str(&line.replace("KEY!", MASK));
    }
    assert!(text.len() > 1 << 20);
    let output = redact(&[text.as_bytes()], &["--count"]);
    assert_eq!(String::from_utf8_lossy(&output.stderr).trim(), "unleak: 9000 masked");
    let got = String::from_utf8(output.stdout).expect("it is text");
    let differs = std::iter::zip(got.lines(), wanted.lines()).find(|(got, wanted)| got != wanted);
    assert_eq!(differs, None);
    assert_eq!(got.len(), wanted.len());
}

#[test]
fn a_key_right_at_each_edge_of_a_piece_is_masked_whole() {
    let key = sendgrid_key(5);
    let piece = 256 << 10;
    for before in (piece - key.len() - 1..=piece + 1).step_by(7) {
        let filler = "a b\n".repeat(before / 4) + &" ".repeat(before % 4);
        let text = format!("{filler}{key}\n{}", "c d\n".repeat(1000));
        let got = redact(&[text.as_bytes()], &[]).stdout;
        assert!(got == text.replace(&key, MASK).as_bytes(), "with {before} bytes before the key");
    }
}

#[test]
fn however_the_stream_is_fed_the_same_comes_out() {
    let text = format!("a {} b\r\nno line end {}", sendgrid_key(1), sendgrid_key(2));
    let wanted = text.replace(&sendgrid_key(1), MASK).replace(&sendgrid_key(2), MASK);
    let bytes: Vec<&[u8]> = text.as_bytes().chunks(1).collect();
    assert_eq!(String::from_utf8_lossy(&redact(&bytes, &[]).stdout), wanted);
}

#[test]
fn what_holds_no_secret_comes_out_byte_for_byte() {
    let binary: Vec<u8> = (0..700_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    for bytes in [&b""[..], b"\xef\xbb\xbfmark\r\n", b"caf\xe9 \xff\xfe", b"SENDGRID_API_KEY=your-key-here\n", &binary]
    {
        assert!(redact(&[bytes], &[]).stdout == bytes);
    }
}

#[test]
fn a_block_of_lines_keeps_its_number_of_lines() {
    let body = "A".repeat(10) + &sendgrid_key(3).replace(['.', '-', '_'], "x");
    let body = data_encoding::BASE64.encode(body.repeat(8).as_bytes());
    let lines: String =
        body.as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line).into_owned() + "\n").collect();
    let begin = ["-----BEGIN RSA", "PRIVATE KEY-----"].join(" ");
    let text = format!("before\n{begin}\n{lines}{}\nafter\n", begin.replace("BEGIN", "END"));
    let got = String::from_utf8(redact(&[text.as_bytes()], &[]).stdout).expect("it is text");
    assert_eq!(got.lines().count(), text.lines().count(), "{got}");
    assert!(got.starts_with("before\n") && got.ends_with("after\n"), "{got}");
}
