//! How rare four bytes are in source and prose: as often as they were counted, if they are common, else as far as the
//! pairs of characters in them tell.
//!
//! The tables of pairs were counted by `benches/pairs.py` over 50 MB of code and manuals in ten languages. Only the
//! order of the grams of one literal matters, so coarse figures do. `build.rs` reads this file too.

use super::grams::{GRAMS, LEVELS};

/// The classes of characters, in the order of the tables; the last stands for all others.
const CLASSES: &[u8; 37] = b"abcdefghijklmnopqrstuvwxyz0_-./:= \"(*";

/// The binary logarithm of how often a class stands in the text, as a letter.
const SINGLE: &[u8; 37] = b"USUUVTSTUPRUTUUTQUUVTSSRSPSTSSRSRXSSV";

/// The same for a class, by row, followed by another.
const PAIRS: [&[u8; 37]; 37] = [
    b"KPQQKOQIPINRRRJPIRRSPOMNPKMMMMJLJPLKO",
    b"PKMKQIJGNOIQLIOJINNKPIGGOGLLJMKIEMLKM",
    b"QLOKQNIQOGQPMJSMIPNRQLKJMFMNLNKMGPLMO",
    b"QMMORLKKQJJNLMPLIOOLOKJLNFMPMOLOLRNOQ",
    b"QNRRPQOLOKKQPSNPPSSRMPPQOJMQOPLPMSOPR",
    b"PILMPOJHQFJNLMQKJOMOPIHHMFLNLOILHQKOO",
    b"NJMJQKMNPHIMLOOKGOOMNLIFKIJNLNLLIQMMP",
    b"QJMLSIHIQHIKLKPMGNMONHHFJHLOLMJLIPMNO",
    b"POQQPQPHKGMQPSROLPRRJPINGOJMLLKKJMKIM",
    b"KFIFOFGFIFIGGFNHFGNGLGFGFFHGGHGDCIEEI",
    b"NIIKPLMIOGHLILLJGJNLKGJFIFINLMJLIOLMO",
    b"QNNPROKJRHKQLKQMHLPPQMKMPGKPMNLNJQMNP",
    b"QOKMRKJHQHIMPNPPJJOMOJHGLGJNMMMKHPLLN",
    b"QLQRRPRLPINNLPQMILRRPNLINGKPNOLNKRNOQ",
    b"OPPQMPNKOLOQQSPQKSPQQOPMLKJOMMKLIQMLO",
    b"RJLNQKLNOGMPJLQPHQOQPKJJMFMNLMLLIOLNO",
    b"HFIGGGGGHFFNGGHHGGIIPFFEFFHKIKEIFKIIL",
    b"RMPPSNPJRHNQPQRNHQQQPNLHPGNOMOKNJRNOP",
    b"PKPKSMLPQIMOMLQPNMRSPLMIOILPOQNOLSOOQ",
    b"RKPNSNLSSIKONLRPJRQPQMNNPJMQOPLOKSOPR",
    b"OPONQNNIOFHQPQLPFRQQJHGJGJJIHIGFCNJGK",
    b"QIKHQHIGPFFHIJNIIHKIIIFFGFMLJKHJFLKJM",
    b"OIJLOIGPPIGKJNOJHNNJIILGGFIMLLHKGOJNM",
    b"MHNINKFINFFHJHIOFHJOHGGMMGLNMMIKHNKKN",
    b"LKKKLJIJMHIMMNNOGLNMIIJFMHIOMOJMJQMNP",
    b"LGHGOGFHKFFJHGKHFGHHIEFFIJIHGGHFDIJGK",
    b"MLLLLLIIJHIJJJHJHIJIIIILHHROMOKLHONJQ",
    b"PNPOPOMNPKNOOPOPLOQPNONJIJLODIJHFMIJN",
    b"MMNMMMLKMIJMMLMMJMNMLKLJHKNDRHHFHNJGQ",
    b"NMONNNMNNLKMNNMNJNOONMMIIHOMGNJGHPMIQ",
    b"LKMLKKLLLJHKKJKLHLLMKKLJGHKFHJPEDOKGQ",
    b"MMNMLMLKMIHKLMKNIMMMLKLFGFKHGGMPNRLHO",
    b"IJJJIJHKJEEJIIHLBILIHIFEJEJBFGGFPRLIO",
    b"SQSRQRPPRNNQQQRRMRRSQPQKNKPNONPPRWRPT",
    b"NMNMMMNMMJJMMMLNJNOOMLLIIIMKMMKOIPOIR",
    b"NLONMMKMNIKLNMMMJMONLMLJHGNKJJJNDHOLQ",
    b"OOQPOONNPMMNOONPMPQPOONKKJNNOPPNNUPOU",
];

/// What the tables don't tell apart: one digit of ten, in binary logarithms.
const ONE_OF_A_CLASS: i32 = 3;

/// No estimate by pairs is as high.
const COUNTED: i32 = 1000;

/// How common a gram is, on a scale of its own.
pub(crate) fn commonness(gram: [u8; 4]) -> i32 {
    counted(gram.map(|byte| byte | 0x20)).map_or_else(|| estimated(gram), |level| COUNTED + level)
}

/// How common three bytes are within a gram, whatever the fourth is.
pub(crate) fn commonness_of_three(three: [u8; 3]) -> i32 {
    let folded = three.map(|byte| byte | 0x20);
    let grams =
        GRAMS.iter().flat_map(|row| row.chunks_exact(4)).filter(|gram| gram[..3] == folded || gram[1..] == folded);
    let counted = grams.filter_map(|gram| counted([gram[0], gram[1], gram[2], gram[3]])).max();
    let [a, b, c] = three.map(class);
    let pairs = i32::from(PAIRS[a][b]) + i32::from(PAIRS[b][c]) - i32::from(SINGLE[b]);
    counted.map_or(pairs, |level| COUNTED + level)
}

/// How common a gram is among those that were counted, if it is one of them.
fn counted(gram: [u8; 4]) -> Option<i32> {
    const ROW: usize = 24;
    let row = GRAMS.partition_point(|row| row[..4] <= gram[..]).checked_sub(1)?;
    let place = GRAMS[row].chunks_exact(4).position(|other| *other == gram)?;
    let place = row * ROW + place;
    Some(i32::from(LEVELS[place / (4 * ROW)][place % (4 * ROW)]))
}

/// The binary logarithm of an estimate.
fn estimated(gram: [u8; 4]) -> i32 {
    let [a, b, c, d] = gram.map(class);
    let level = |table: &[u8; 37], class: usize| i32::from(table[class] - b'A');
    let pairs = level(PAIRS[a], b) + level(PAIRS[b], c) + level(PAIRS[c], d);
    let once = level(SINGLE, b) + level(SINGLE, c);
    pairs - once - ONE_OF_A_CLASS * gram.iter().filter(|byte| byte.is_ascii_digit()).count() as i32
}

fn class(byte: u8) -> usize {
    let byte = match byte.to_ascii_lowercase() {
        b'1'..=b'9' => b'0',
        b'\'' => b'"',
        b'\t' => b' ',
        byte => byte,
    };
    CLASSES.iter().position(|class| *class == byte).unwrap_or(CLASSES.len() - 1)
}

#[cfg(test)]
mod tests {
    use super::{commonness, commonness_of_three};

    #[test]
    fn what_stands_in_every_file_is_more_common_than_what_names_a_vendor() {
        for (common, rare) in [
            (b"tion", b"ndgr"),
            (b"test", b"t_pk"),
            (b"port", b"kia1"),
            (b"conf", b"sk-a"),
            (b"argo", b"gon2"),
            (b"Root", b"ootp"),
        ] {
            assert!(commonness(*common) > commonness(*rare), "{common:?} {rare:?}");
        }
    }

    #[test]
    fn three_bytes_are_as_common_as_the_commonest_gram_that_holds_them() {
        for (common, rare) in [(b"tai", b"lta"), (b"api", b"dap"), (b"ati", b"qzx"), (b"TIO", b"ndg")] {
            assert!(commonness_of_three(*common) > commonness_of_three(*rare), "{common:?} {rare:?}");
        }
    }
}
