//! One part of a repository's objects: each object belongs to exactly one, by its id alone, however it is packed.

use std::str::FromStr;

/// A part, from 1, of so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    part: u32,
    parts: u32,
}

impl Default for Shard {
    fn default() -> Self {
        Shard { part: 1, parts: 1 }
    }
}

impl Shard {
    /// Whether it is all there is.
    pub fn is_whole(self) -> bool {
        self.parts == 1
    }

    /// Which part it is, from 1.
    pub fn part(self) -> u32 {
        self.part
    }

    /// How many parts there are.
    pub fn parts(self) -> u32 {
        self.parts
    }

    /// Whether an object belongs to it.
    pub fn owns(self, id: &gix::oid) -> bool {
        let bytes = id.as_bytes();
        self.is_whole() || bytes.last_chunk().is_some_and(|last| self.is_part(u32::from_be_bytes(*last)))
    }

    /// Whether a file's name belongs to it.
    pub fn owns_name(self, name: &[u8]) -> bool {
        self.is_whole() || self.is_part(crc32fast::hash(name))
    }

    fn is_part(self, digest: u32) -> bool {
        digest % self.parts == self.part - 1
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = text.split_once('/').and_then(|(part, parts)| Some((part.parse().ok()?, parts.parse().ok()?)));
        match parsed {
            Some((part, parts)) if part >= 1 && part <= parts => Ok(Shard { part, parts }),
            _ => Err("write it as I/N with I from 1 to N, as in 3/8".into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_and_name_belongs_to_one_shard() {
        let shards: Vec<Shard> = (1..=5).map(|part| Shard { part, parts: 5 }).collect();
        for byte in 0..=255u8 {
            let id = gix::ObjectId::Sha1([byte; 20]);
            assert_eq!(shards.iter().filter(|shard| shard.owns(&id)).count(), 1);
            assert_eq!(shards.iter().filter(|shard| shard.owns_name(&[byte])).count(), 1);
        }
    }

    #[test]
    fn a_shard_is_written_as_a_fraction() {
        assert_eq!("3/8".parse(), Ok(Shard { part: 3, parts: 8 }));
        for wrong in ["0/8", "9/8", "3", "a/b", "1/0", "-1/2"] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }
}
