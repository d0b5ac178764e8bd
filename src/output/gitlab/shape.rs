//! The shape of GitLab's secret detection report, as far as this program writes one.

use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
pub(super) struct Document {
    pub version: &'static str,
    pub scan: Scan,
    pub vulnerabilities: Vec<Vulnerability>,
}

#[derive(Serialize)]
pub(super) struct Scan {
    pub analyzer: Program,
    pub scanner: Program,
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub start_time: String,
    pub end_time: String,
    pub status: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<Message>,
}

#[derive(Serialize)]
pub(super) struct Program {
    pub id: &'static str,
    pub name: &'static str,
    pub url: &'static str,
    pub version: &'static str,
    pub vendor: Vendor,
}

#[derive(Serialize)]
pub(super) struct Vendor {
    pub name: &'static str,
}

#[derive(Serialize)]
pub(super) struct Message {
    pub level: &'static str,
    pub value: String,
}

#[derive(Serialize)]
pub(super) struct Vulnerability {
    pub id: String,
    pub name: String,
    pub description: String,
    pub severity: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub solution: Option<String>,
    pub identifiers: Vec<Identifier>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    pub location: Location,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub details: BTreeMap<&'static str, Field>,
}

#[derive(Serialize)]
pub(super) struct Identifier {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub name: String,
    pub value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<&'static str>,
}

#[derive(Serialize)]
pub(super) struct Link {
    pub url: String,
}

#[derive(Serialize)]
pub(super) struct Location {
    pub file: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_line: Option<u32>,
    pub commit: Commit,
}

#[derive(Serialize)]
pub(super) struct Commit {
    pub sha: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// A named detail.
#[derive(Serialize)]
pub(super) struct Field {
    pub name: &'static str,
    #[serde(flatten)]
    pub detail: Detail,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub(super) enum Detail {
    Text { value: String },
    Value { value: bool },
    Commit { value: String },
    List { items: Vec<Detail> },
}
