//! The project's own corpus: what is found of it, what is reported wrongly, and whether confidence means something.
//! `UNLEAK_HELD_OUT=show` tells of the half that is set aside as much as of the other; `UNLEAK_CORPUS_TOLD=1` lists
//! each miss and false alarm; `UNLEAK_CORPUS_OUT=FOLDER` writes both halves to a folder, with their labels.
#![allow(clippy::print_stdout, reason = "the score is for whoever runs the test")]

mod generate;
mod plain;
mod score;
mod stock;
#[path = "../support/mod.rs"]
mod support;
mod values;
mod written;

use generate::{File, Half, Truth, files, templates};
use score::{Score, percent};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use unleak::document::Lines;

/// The lowest that each half may come to, in per cent: what was measured when it was last recorded, in
/// `benches/README.md`.
struct Floor {
    recall: f64,
    precision: f64,
}

const TUNING: Floor = Floor { recall: 98.4, precision: 99.8 };
const HELD_OUT: Floor = Floor { recall: 92.0, precision: 97.5 };

#[test]
fn the_tuning_half_is_found_as_well_as_before() {
    let score = Score::of(&files(Half::Tuning));
    println!("{}", score.table("tuning half"));
    if std::env::var_os("UNLEAK_CORPUS_TOLD").is_some() {
        println!("{}", score.told());
    }
    holds(&score, &TUNING);
}

#[test]
fn the_half_set_aside_is_found_as_well_as_before() {
    let score = Score::of(&files(Half::HeldOut));
    if std::env::var("UNLEAK_HELD_OUT").is_ok_and(|wish| wish == "show") {
        println!("{}", score.table("half set aside"));
        if std::env::var_os("UNLEAK_CORPUS_TOLD").is_some() {
            println!("{}", score.told());
        }
    } else {
        println!("{}", score.summary("half set aside"));
    }
    holds(&score, &HELD_OUT);
}

fn holds(score: &Score, floor: &Floor) {
    let (recall, precision) = (percent(score.hit, score.secrets), percent(score.real, score.real + score.wrong));
    assert!(recall >= floor.recall, "recall fell from {} % to {recall:.1} %", floor.recall);
    assert!(precision >= floor.precision, "precision fell from {} % to {precision:.1} %", floor.precision);
}

#[test]
fn the_corpus_is_large_and_varied() {
    let files: Vec<File> = Half::ALL.into_iter().flat_map(files).collect();
    let count = |truth| files.iter().flat_map(|file| &file.labels).filter(|label| label.truth == truth).count();
    let (secrets, harmless) = (count(Truth::Secret), count(Truth::Harmless));
    let languages: BTreeSet<&str> = files.iter().map(|file| file.language.as_str()).collect();
    let names: BTreeSet<&str> = files.iter().map(|file| file.template.as_str()).collect();
    let mut places: BTreeMap<bool, BTreeSet<(&str, usize)>> = BTreeMap::new();
    for (file, label) in files.iter().flat_map(|file| file.labels.iter().map(move |label| (file, label))) {
        if label.truth != Truth::Either {
            places.entry(label.truth == Truth::Secret).or_default().insert((&file.template, label.place));
        }
    }
    let lines = |secret: bool| places.get(&secret).map_or(0, BTreeSet::len);
    println!("{} files from {} templates in {} languages and formats", files.len(), names.len(), languages.len());
    println!("{secrets} secrets from {} lines, {harmless} that are none from {} lines", lines(true), lines(false));
    assert!(secrets >= 1_500 && harmless >= 3_000, "{secrets} secrets, {harmless} that are none");
    assert!(languages.len() >= 30, "{languages:?}");
    assert!(names.len() >= 120, "{} templates", names.len());
}

#[test]
fn every_format_of_the_catalogue_occurs_in_both_halves() {
    let stock = stock::Stock::read(&generate::folder());
    for half in Half::ALL {
        let files = files(half);
        let met: BTreeSet<&str> =
            files.iter().flat_map(|file| &file.labels).map(|label| label.format.as_str()).collect();
        let missing: Vec<&str> =
            stock.formats.iter().map(|format| format.id.as_str()).filter(|id| !met.contains(id)).collect();
        assert!(missing.is_empty(), "{half:?}: {missing:?}");
    }
}

#[test]
fn every_format_of_the_catalogue_is_found_in_plain_lines() {
    let wrong = plain::wrong_in_plain_lines();
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_template_lies_in_the_half_that_its_name_decides() {
    for half in Half::ALL {
        for (name, _) in templates(half) {
            assert_eq!(Half::of(&name), half, "{name} belongs into tests/corpus/{}", Half::of(&name).folder());
        }
    }
}

#[test]
fn the_corpus_is_the_same_each_time() {
    let texts = |half| files(half).into_iter().map(|file| file.text).collect::<Vec<_>>();
    assert!(texts(Half::Tuning) == texts(Half::Tuning), "values come from seeds alone");
}

/// Not a check: writes the corpus where `UNLEAK_CORPUS_OUT` says, for other scanners.
#[test]
fn the_corpus_can_be_written_to_a_folder() {
    let Some(out) = std::env::var_os("UNLEAK_CORPUS_OUT") else { return };
    let mut labels = String::new();
    for file in Half::ALL.into_iter().flat_map(files) {
        // The names of the halves and templates would mean something to scanners that judge paths.
        let folder = if file.half == Half::Tuning { "a" } else { "b" };
        let number = crc32fast::hash(file.template.as_bytes()) % 100_000;
        let inside = format!("files/{folder}/{number:05}-{}/{}", file.rendition, file.path);
        let path = Path::new(&out).join(&inside);
        std::fs::create_dir_all(path.parent().expect("it has a folder")).expect("the folder can be made");
        std::fs::write(&path, &file.text).expect("the file can be written");
        let lines = Lines::new(file.text.as_bytes());
        for label in &file.labels {
            let place = lines.location(&label.span);
            let line = serde_json::json!({
                "file": inside, "half": file.half.folder(), "template": file.template, "language": file.language,
                "start_line": place.start_line, "end_line": place.end_line,
                "start": label.span.start, "end": label.span.end,
                "truth": format!("{:?}", label.truth).to_lowercase(), "class": label.class, "format": label.format,
                "rules": label.rules,
            });
            labels += &format!("{line}\n");
        }
    }
    std::fs::write(Path::new(&out).join("labels.jsonl"), labels).expect("the labels can be written");
}
