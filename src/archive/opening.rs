//! The walk through an archive: each kind by its own reader, and what can't be read said.

use super::budget::{Budget, LARGEST, Metered, in_words};
use super::kind::HEAD;
use super::packing::read_full;
use super::{Archives, Inner, Kind, Packing, Unread, Visitor, ar, notebook, packing, sqlite, tar, zip};
use std::io::{self, Cursor, Read};

/// Where the walk stands.
pub(super) struct Place<'n> {
    pub(super) inner: Inner,
    /// The file name of what stands there.
    pub(super) name: &'n [u8],
    pub(super) depth: usize,
}

impl Place<'_> {
    /// Where something stands that stands in what stands here.
    fn within(&self, name: &[u8]) -> Inner {
        let mut path = self.inner.path.clone();
        if !path.is_empty() {
            path.push(b'!');
        }
        let name_at = path.len();
        path.extend_from_slice(name);
        Inner { path, name_at }
    }
}

/// A walk through an archive.
pub(super) struct Opening<'b, 'v> {
    pub(super) budget: &'b Budget,
    pub(super) visitor: &'v mut dyn Visitor,
}

impl Opening<'_, '_> {
    /// Goes through something that is there whole.
    pub(super) fn whole(&mut self, place: &Place<'_>, kind: Kind, bytes: &[u8]) -> io::Result<()> {
        match kind {
            Kind::Zip => self.zip(place, bytes),
            Kind::Tar => self.tar(place, &mut &*bytes),
            Kind::Ar | Kind::Cpio | Kind::Rpm => self.members(place, kind, &mut &*bytes),
            Kind::Closed(what) => {
                self.closed(place, what);
                Ok(())
            }
            Kind::Packed(packing) => self.packed(place, packing, &mut &*bytes),
            Kind::Sqlite | Kind::SqliteLog => {
                let is_log = kind == Kind::SqliteLog;
                let database = if is_log { sqlite::Database::of_log(bytes) } else { sqlite::Database::new(bytes) };
                let Some(database) = database else {
                    return Err(io::Error::other("its header makes no sense"));
                };
                let budget = self.budget;
                let mut told = |table: &[u8], text: &[u8]| {
                    let at = place.within(&tidy(table));
                    self.visitor.text(&at, &mut Metered { inner: text, budget })
                };
                if is_log { database.loose_rows(&mut told) } else { database.tables(&mut told) }
            }
            Kind::Notebook => {
                for cell in notebook::cells(bytes) {
                    self.visitor.translation(&place.within(cell.name.as_bytes()), &cell.text);
                }
                Ok(())
            }
        }
    }

    fn zip(&mut self, place: &Place<'_>, bytes: &[u8]) -> io::Result<()> {
        let (entries, is_whole) = zip::entries(bytes);
        if !is_whole {
            self.damaged(place, "its directory is missing");
        }
        for entry in entries {
            let name = tidy(&entry.name);
            if zip::is_folder(&entry.name) && entry.packed.is_empty() {
                continue;
            }
            if !self.budget.has_room() {
                return Err(io::Error::other("the budget is spent"));
            }
            let at = place.within(&name);
            let here = Place { inner: at.clone(), name: &name, depth: place.depth + 1 };
            if entry.is_encrypted {
                self.visitor.name(&at);
                self.visitor
                    .unread(&at.path, Unread::Skipped("encrypted: nobody reads it without the password".into()));
                continue;
            }
            match packing::of_zip(entry.method, &bytes[entry.packed.clone()], entry.size) {
                Some(content) => {
                    let budget = self.budget;
                    let read = self.member(&here, &mut Metered { inner: content, budget });
                    self.settle(&here, Kind::Zip, read);
                }
                None => {
                    self.visitor.name(&at);
                    let why = format!("packed in a way that unleak can't undo (method {} of zip)", entry.method);
                    self.visitor.unread(&at.path, Unread::Missing(why));
                }
            }
        }
        Ok(())
    }

    fn tar(&mut self, place: &Place<'_>, source: &mut dyn Read) -> io::Result<()> {
        let mut tar = tar::Tar::new(source);
        loop {
            let next = tar.next();
            let header = match next {
                Ok(header) => header,
                Err(tar::Stop::End) => return Ok(()),
                Err(tar::Stop::Io(error)) => return Err(error),
                // Other programs go on behind such a place, or stop where this one does not: it is a text to be read.
                Err(tar::Stop::Damaged(rest)) => {
                    self.damaged(place, "it makes no sense from some place on");
                    return self.visitor.text(&place.within(b"damaged rest"), &mut Cursor::new(rest).chain(tar.rest()));
                }
                Err(tar::Stop::Trailing(rest)) => {
                    return self
                        .visitor
                        .text(&place.within(b"behind its end"), &mut Cursor::new(rest).chain(tar.rest()));
                }
            };
            if !self.budget.has_room() {
                return Err(io::Error::other("the budget is spent"));
            }
            let name = tidy(&header.name);
            let here = Place { inner: place.within(&name), name: &name, depth: place.depth + 1 };
            let read = self.member(&here, &mut tar.content());
            // Behind what can't be read to its end nothing else is found.
            read?;
        }
    }

    /// The archives of packages. That of an RPM package is packed: it counts as the package itself.
    fn members(&mut self, place: &Place<'_>, kind: Kind, source: &mut dyn Read) -> io::Result<()> {
        let format = match kind {
            Kind::Ar => ar::Format::Ar,
            Kind::Rpm => {
                ar::skip_headers(source)?;
                let mut head = [0; HEAD];
                let len = read_full(source, &mut head)?;
                let mut payload = Cursor::new(&head[..len]).chain(source);
                return match Kind::of_head(&head[..len]) {
                    Some(Kind::Packed(packing)) => self.packed(place, packing, &mut payload),
                    Some(Kind::Cpio) => self.members(place, Kind::Cpio, &mut payload),
                    _ => Err(io::Error::other("its payload is packed in a way that is not known")),
                };
            }
            _ => ar::Format::Cpio,
        };
        let mut members = ar::Members::new(source, format);
        while let Some(name) = members.next()? {
            if !self.budget.has_room() {
                return Err(io::Error::other("the budget is spent"));
            }
            let name = tidy(&name);
            let here = Place { inner: place.within(&name), name: &name, depth: place.depth + 1 };
            self.member(&here, &mut members.content())?;
        }
        Ok(())
    }

    /// Says of something that it can't be opened.
    fn closed(&mut self, place: &Place<'_>, what: &str) {
        let why = format!("{what}: unleak can't open it; unpack it and scan what comes out");
        self.visitor.unread(&place.inner.path, Unread::Skipped(why));
    }

    /// A stream that was made smaller. An archive in it counts as the same archive: `a.tar.gz!b`.
    fn packed(&mut self, place: &Place<'_>, packing: Packing, source: &mut dyn Read) -> io::Result<()> {
        if !self.budget.has_room() {
            return Err(io::Error::other("the budget is spent"));
        }
        let budget = self.budget;
        let mut content = Metered { inner: packing.unpack(source), budget };
        let mut head = [0; HEAD];
        let len = read_full(&mut content, &mut head)?;
        let mut content = Cursor::new(&head[..len]).chain(content);
        let inner = Place { inner: place.inner.clone(), name: place.name, depth: place.depth + 1 };
        match Kind::of_head(&head[..len]) {
            Some(Kind::Tar) => return self.tar(&inner, &mut content),
            Some(Kind::Cpio) => return self.members(&inner, Kind::Cpio, &mut content),
            _ => {}
        }
        let name = unpacked_name(place.name, packing);
        let here = Place { inner: place.within(&name), name: &name, depth: place.depth + 1 };
        self.member(&here, &mut content)
    }

    /// A file in an archive: a text, or an archive itself.
    fn member(&mut self, place: &Place<'_>, content: &mut dyn Read) -> io::Result<()> {
        self.visitor.name(&place.inner);
        let mut head = [0; HEAD];
        let len = read_full(content, &mut head)?;
        let head = &head[..len];
        let mut content = Cursor::new(head).chain(content);
        let Some(kind) = Kind::of_head(head) else { return self.visitor.text(&place.inner, &mut content) };
        if place.depth >= self.budget.limits.depth {
            let why = format!("it lies {} archives deep", place.depth);
            self.visitor.unread(&place.inner.path, self.budget.unread(&why));
            return Ok(());
        }
        // What is wrong in it is no reason to leave out what follows it.
        match kind {
            Kind::Tar => {
                let read = self.tar(place, &mut content);
                self.settle(place, kind, read);
                Ok(())
            }
            Kind::Packed(packing) => {
                let read = self.packed(place, packing, &mut content);
                self.settle(place, kind, read);
                Ok(())
            }
            Kind::Ar | Kind::Cpio | Kind::Rpm => {
                let read = self.members(place, kind, &mut content);
                self.settle(place, kind, read);
                Ok(())
            }
            Kind::Closed(what) => {
                self.closed(place, what);
                self.visitor.text(&place.inner, &mut content)
            }
            Kind::Zip | Kind::Sqlite | Kind::SqliteLog | Kind::Notebook => self.held(place, kind, &mut content),
        }
    }

    /// A file that has to be there whole to be opened.
    fn held(&mut self, place: &Place<'_>, kind: Kind, content: &mut dyn Read) -> io::Result<()> {
        let mut held = Vec::new();
        let to_its_end = content.take(LARGEST).read_to_end(&mut held);
        if held.len() as u64 == LARGEST {
            self.visitor.unread(&place.inner.path, self.budget.unread("it is too large to be held in memory"));
            return Ok(());
        }
        let read = self.whole(place, kind, &held);
        self.settle(place, kind, read);
        if !kind.is_only_a_shell() {
            self.visitor.text(&place.inner, &mut held.as_slice())?;
        }
        to_its_end.map(drop)
    }

    fn damaged(&mut self, place: &Place<'_>, what: &str) {
        let why = format!("damaged ({what}): what could be read of it was");
        self.visitor.unread(&place.inner.path, Unread::Skipped(why));
    }

    /// Says of something that it goes on behind what could be read of it.
    fn broken(&mut self, place: &Place<'_>, error: &io::Error) {
        let why = format!("damaged ({error})");
        let why = match self.budget.archives {
            Archives::Small => Unread::Skipped(format!("{why}: what could be read of it was")),
            _ => self.budget.unread(&why),
        };
        self.visitor.unread(&place.inner.path, why);
    }

    /// Says why something was not read to its end, if it was not.
    pub(super) fn settle(&mut self, place: &Place<'_>, kind: Kind, read: io::Result<()>) {
        if !self.budget.is_spent.get() {
            match read {
                Ok(()) => {}
                // Nothing is wrong with it: others read it.
                Err(error) if packing::asks_for_too_much(&error) => {
                    let why = self.budget.unread("more memory is needed to unpack it than unleak gives");
                    self.visitor.unread(&place.inner.path, why);
                }
                Err(error) if packing::hides_the_rest(kind, &error) => self.broken(place, &error),
                Err(error) => self.damaged(place, &error.to_string()),
            }
        } else if place.depth == 0 {
            let why = match self.budget.entries.get() {
                0 => format!("it holds more than {} files", self.budget.limits.entries),
                _ => format!("it unpacks to more than {}", in_words(self.budget.bytes)),
            };
            self.visitor.unread(&place.inner.path, self.budget.unread(&why));
        }
    }
}

/// The name without what would lead elsewhere: no root, no way up, `/` between the parts.
fn tidy(name: &[u8]) -> Vec<u8> {
    let name: Vec<u8> = name.iter().map(|b| if *b == b'\\' { b'/' } else { *b }).collect();
    let leads_on = |part: &&[u8]| !part.is_empty() && *part != b"." && *part != b"..";
    let parts: Vec<&[u8]> = name.split(|b| *b == b'/').filter(leads_on).collect();
    if parts.is_empty() { b"unnamed".to_vec() } else { parts.join(&b'/') }
}

/// The name of what a packed file unpacks to.
fn unpacked_name(name: &[u8], packing: Packing) -> Vec<u8> {
    let name = name.rsplit(|b| *b == b'/').next().unwrap_or_default();
    for (suffix, instead) in packing.suffixes() {
        let stem = name.len().saturating_sub(suffix.len());
        if stem > 0 && name[stem..].eq_ignore_ascii_case(suffix.as_bytes()) {
            return [&name[..stem], instead.as_bytes()].concat();
        }
    }
    b"content".to_vec()
}
