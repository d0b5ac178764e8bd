//! Going on from last time: which tips were swept, and by which rules.

use gix::ObjectId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Raised when the file's meaning changes.
const VERSION: u32 = 1;

/// What a sweep leaves for the next one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// The digest of the rules.
    pub rules: String,
    /// Everything that refs, HEAD and reflogs named.
    pub tips: BTreeSet<ObjectId>,
}

/// Why a state can't be read or written.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// The file can't be read.
    #[error("the state {0} can't be read: {1}; name a readable file, or one that is still to be made")]
    Read(PathBuf, std::io::Error),
    /// The file holds something else.
    #[error("the state {0} is none that this version wrote ({1}): delete it, and the next sweep reads everything")]
    Shape(PathBuf, String),
    /// The file can't be written.
    #[error("the state {0} can't be written: {1}")]
    Write(PathBuf, std::io::Error),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    version: u32,
    rules_digest: String,
    tips: Vec<String>,
}

impl State {
    /// Reads a state; nothing if there is no such file yet.
    pub fn read(path: &Path) -> Result<Option<State>, StateError> {
        let text = match std::fs::read(path) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(StateError::Read(path.to_path_buf(), e)),
        };
        let shape = |why: String| StateError::Shape(path.to_path_buf(), why);
        let stored: Stored = serde_json::from_slice(&text).map_err(|e| shape(e.to_string()))?;
        if stored.version != VERSION {
            return Err(shape(format!("version {}", stored.version)));
        }
        let tips = stored.tips.iter().map(|id| ObjectId::from_hex(id.as_bytes()));
        let tips = tips.collect::<Result<_, _>>().map_err(|e| shape(e.to_string()))?;
        Ok(Some(State { rules: stored.rules_digest, tips }))
    }

    /// Writes a state: whole or not at all.
    pub fn write(&self, path: &Path) -> Result<(), StateError> {
        let stored = Stored {
            version: VERSION,
            rules_digest: self.rules.clone(),
            tips: self.tips.iter().map(|id| id.to_hex().to_string()).collect(),
        };
        let failed = |e| StateError::Write(path.to_path_buf(), e);
        let folder = path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
        let mut file = tempfile::Builder::new().prefix(".unleak-").tempfile_in(folder).map_err(failed)?;
        let text = serde_json::to_vec_pretty(&stored).map_err(|e| failed(e.into()))?;
        file.write_all(&text).and_then(|()| file.write_all(b"\n")).map_err(failed)?;
        file.persist(path).map_err(|e| failed(e.error))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_reads_as_it_was_written() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let path = folder.path().join("state");
        assert!(State::read(&path).expect("there is none yet").is_none());
        let id = ObjectId::from_hex(&[b'a'; 40]).expect("it is an id");
        let state = State { rules: "digest".into(), tips: [id].into() };
        state.write(&path).expect("it can be written");
        assert_eq!(State::read(&path).expect("it is one"), Some(state));
        std::fs::write(&path, "{}").expect("it can be written");
        assert!(matches!(State::read(&path), Err(StateError::Shape(..))));
    }
}
