//! How much a run of letters is like a word: by a table of three letters each, trained on the project's own text
//! with `benches/letters.py`.

static TABLE: &[u8] = include_bytes!("letters.txt");

/// Bytes a line of the table takes: 26 letters and the line's end.
const ROW: usize = 27;

/// How many bits a letter the run is likelier as a word than as letters drawn by lot; below zero it is less
/// likely. Takes letters only, in any case.
pub(super) fn likeness(run: &[u8]) -> f64 {
    if run.is_empty() {
        return 0.0;
    }
    let mut context = (0, 0);
    let mut steps = 0;
    for letter in run {
        let letter = usize::from(letter.to_ascii_lowercase() - b'a');
        steps += i32::from(TABLE[(context.0 * 27 + context.1) * ROW + letter]) - 33 - 56;
        context = (context.1, letter + 1);
    }
    f64::from(steps) / 8.0 / run.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_likelier_than_letters_drawn_by_lot() {
        for word in ["monkey", "welcome", "dragon", "Sunshine", "CONTROLLER", "maintenance"] {
            assert!(likeness(word.as_bytes()) > 0.0, "{word}");
        }
        for run in ["xkqzvbn", "qwrtzpsd", "jhgzfk", "vbxqwk"] {
            assert!(likeness(run.as_bytes()) < 0.0, "{run}");
        }
    }

    #[test]
    fn the_table_is_whole() {
        assert_eq!(TABLE.len(), 27 * 27 * ROW);
        assert!(TABLE.chunks(ROW).all(|row| row[26] == b'\n' && row[..26].iter().all(u8::is_ascii_graphic)));
    }
}
