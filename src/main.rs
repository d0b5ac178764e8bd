//! The program: parse, wire, exit. The only room that touches the process.

fn main() {}
