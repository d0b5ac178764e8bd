//! A report in, bytes out: one file a format. Secrets are masked here and nowhere else.
