//! The timeline as a page of its own: the picture, and tables that can be read and copied. Nothing is loaded from elsewhere.

use std::fmt::Write as _;

use super::model::Timeline;
use super::svg::chart;
use super::words;
use crate::event::Outcome;
use crate::report::words::duration;
use crate::report::xml::escape;

const STYLE: &str = "\
:root{color-scheme:light dark}body{font:14px/1.5 system-ui,sans-serif;margin:16px;background:#ffffff;color:#1f2328}
svg{max-width:100%;height:auto}table{border-collapse:collapse}td,th{padding:2px 16px 2px 0;text-align:left;vertical-align:top}
td.n{text-align:right;white-space:nowrap}pre{white-space:pre-wrap}
@media (prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}}
";

/// The whole page.
pub(super) fn page(timeline: &Timeline) -> String {
    let title = escape(&words::title(timeline));
    let mut path = String::new();
    for (took, text) in words::path(&timeline.critical_path, timeline.took) {
        let _ = writeln!(path, "<tr><td class=\"n\">{}</td><td>{}</td></tr>", duration(took), escape(&text));
    }
    let mut rows = String::new();
    for row in &timeline.rows {
        let _ = writeln!(
            rows,
            "<tr><td>{}</td><td class=\"n\">{}</td><td>{}</td><td>{}</td></tr>",
            escape(&row.name),
            duration(row.took()),
            words::end(row).unwrap_or_default(),
            escape(&words::parts(row))
        );
    }
    let why = match &timeline.outcome {
        Outcome::Failed { message } => {
            let lines: Vec<String> = message.lines().map(escape).collect();
            format!("<pre>{}</pre>\n", lines.join("\n"))
        }
        _ => String::new(),
    };
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n<p>Profile {}</p>\n{why}{}\
         <h2>Critical path</h2>\n<table>\n{path}</table>\n\
         <h2>Where the time went</h2>\n<table>\n<tr><th>component</th><th>took</th><th></th><th>parts</th></tr>\n{rows}</table>\n\
         </body>\n</html>\n",
        escape(&timeline.profile),
        chart(timeline)
    )
}
