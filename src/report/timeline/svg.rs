//! The timeline as a picture: a bar for each row, a time axis, the critical path, a legend, and the same in words below.

use std::fmt::Write as _;
use std::time::Duration;

use super::model::{Kind, Row, Segment, Timeline};
use super::ticks::ticks;
use super::words;
use crate::report::words::duration;
use crate::report::xml::escape;

const WIDTH: u32 = 960;
const MARGIN: u32 = 16;
/// From one row to the next.
const ROW: u32 = 26;
/// From one line of text to the next.
const LINE: u32 = 18;
/// What a letter takes on average.
const LETTER: u32 = 7;
/// Letters of a name that are shown; the rest is in its tooltip.
const NAME: usize = 30;
/// Letters of a line below the bars.
const TEXT: usize = 130;
/// For how long a row took, at its right end.
const TOTAL: u32 = 110;

/// Every kind of part, in the order of the legend.
const KINDS: [Kind; 7] =
    [Kind::Remove, Kind::Pull, Kind::Build, Kind::Create, Kind::Wait, Kind::Start, Kind::Ready];

const STYLE: &str = "\
.gw-t{font-family:system-ui,sans-serif;font-size:12px;fill:#1f2328}.gw-title{font-size:14px;font-weight:600}
.gw-faint{fill:#59636e}.gw-total{paint-order:stroke;stroke:#ffffff;stroke-width:4px}.gw-bad{fill:#cf222e}.gw-back{fill:#ffffff}.gw-line{stroke:#d1d9e0}
.gw-remove{fill:#818b98}.gw-pull{fill:#8250df}.gw-build{fill:#bf8700}.gw-create{fill:#218bff}.gw-wait{fill:#d1d9e0}
.gw-start{fill:#1b7c83}.gw-ready{fill:#4ac26b}.gw-critical{fill:none;stroke:#cf222e;stroke-width:2}
@media (prefers-color-scheme:dark){
.gw-t{fill:#e6edf3}.gw-faint{fill:#9198a1}.gw-total{stroke:#0d1117}.gw-bad{fill:#ff7b72}.gw-back{fill:#0d1117}.gw-line{stroke:#30363d}
.gw-pull{fill:#a371f7}.gw-build{fill:#d29922}.gw-create{fill:#4493f8}.gw-wait{fill:#3d444d}
.gw-start{fill:#39c5cf}.gw-ready{fill:#2ea043}.gw-critical{stroke:#ff7b72}}
";

/// The whole file.
pub(super) fn picture(timeline: &Timeline) -> String {
    let mut drawing = Drawing::of(timeline);
    drawing.title();
    drawing.chart();
    drawing.in_words();
    drawing.end()
}

/// The bars without the words above and below, for a page that has them.
pub(super) fn chart(timeline: &Timeline) -> String {
    let mut drawing = Drawing::of(timeline);
    drawing.chart();
    drawing.end()
}

struct Drawing<'a> {
    timeline: &'a Timeline,
    body: String,
    /// Where the bars begin and how wide they are together.
    left: u32,
    width: u32,
    /// The next line's place.
    y: u32,
}

impl<'a> Drawing<'a> {
    fn of(timeline: &'a Timeline) -> Self {
        let longest = timeline.rows.iter().map(|row| row.name.chars().count().min(NAME)).max();
        let left = MARGIN * 2 + LETTER * u32::try_from(longest.unwrap_or_default().max(8)).unwrap_or(LETTER);
        Self { timeline, body: String::new(), left, width: WIDTH - left - TOTAL, y: MARGIN }
    }

    fn title(&mut self) {
        self.y += LINE;
        self.text(MARGIN, "gw-title", &words::title(self.timeline), "");
        self.y += LINE;
    }

    fn chart(&mut self) {
        self.y += 12;
        let top = self.y + 6;
        let bottom = top + ROW * u32::try_from(self.timeline.rows.len()).unwrap_or_default();
        for (time, mark) in ticks(self.timeline.took) {
            let x = self.x(time);
            self.add(&format!(r#"<line class="gw-line" x1="{x:.1}" x2="{x:.1}" y1="{top}" y2="{bottom}"/>"#));
            self.add(&format!(
                r#"<text class="gw-t gw-faint" x="{x:.1}" y="{}" text-anchor="middle">{mark}</text>"#,
                self.y
            ));
        }
        self.links(top);
        for (index, row) in self.timeline.rows.iter().enumerate() {
            self.row(row, top + ROW * u32::try_from(index).unwrap_or_default());
        }
        self.y = bottom + LINE + 8;
        self.legend();
    }

    fn row(&mut self, row: &Row, top: u32) {
        self.y = top + 17;
        self.text(MARGIN, if words::end(row).is_some() { "gw-bad" } else { "" }, &row.name, &words::row(row));
        for segment in &row.segments {
            self.segment(segment, row, top);
        }
        let mut total = duration(row.took());
        if let Some(end) = words::end(row) {
            total = format!("{total} {end}");
        }
        let end = row.segments.iter().map(|segment| segment.end).max().unwrap_or_default();
        self.add(&format!(
            r#"<text class="gw-t gw-faint gw-total" x="{:.1}" y="{}">{total}</text>"#,
            self.x(end) + 6.0,
            self.y
        ));
    }

    fn segment(&mut self, segment: &Segment, row: &Row, top: u32) {
        // A wait is thin: nothing is done in it.
        let (inset, height) = if segment.kind == Kind::Wait { (10, 6) } else { (5, 16) };
        let x = self.x(segment.begin);
        // What is too short to be seen is still there.
        let width = (self.x(segment.end) - x).max(1.5);
        let tooltip = format!(
            "{}: {} ({:.2} s to {:.2} s)",
            row.name,
            words::segment(segment, &row.outcome),
            segment.begin.as_secs_f64(),
            segment.end.as_secs_f64()
        );
        let place = format!(r#"x="{x:.1}" y="{}" width="{width:.1}" height="{height}""#, top + inset);
        self.add(&format!(
            r#"<rect class="gw-{}" {place}><title>{}</title></rect>"#,
            class(segment.kind),
            escape(&tooltip)
        ));
        if segment.critical {
            self.add(&format!(r#"<rect class="gw-critical" {place}/>"#));
        }
    }

    /// Where the critical path goes from one row to another.
    fn links(&mut self, top: u32) {
        let timeline = self.timeline;
        let middle = |name: &str| {
            let place = timeline.rows.iter().position(|row| row.name == name).unwrap_or_default();
            top + ROW * u32::try_from(place).unwrap_or_default() + ROW / 2
        };
        for pair in timeline.critical_path.windows(2).filter(|pair| pair[0].row != pair[1].row) {
            let (from, to) = (middle(&pair[0].row), middle(&pair[1].row));
            let (x, end) = (self.x(pair[0].end), self.x(pair[1].begin));
            self.add(&format!(r#"<path class="gw-critical" d="M{x:.1} {from}V{to}H{end:.1}"/>"#));
        }
    }

    fn legend(&mut self) {
        let mut x = MARGIN;
        for kind in KINDS {
            let name = words::name(kind);
            let (inset, height) = if kind == Kind::Wait { (7, 6) } else { (10, 12) };
            self.add(&format!(
                r#"<rect class="gw-{}" x="{x}" y="{}" width="14" height="{height}"/>"#,
                class(kind),
                self.y - inset
            ));
            self.text(x + 20, "", name, "");
            x += 20 + LETTER * u32::try_from(name.len()).unwrap_or_default() + 18;
        }
        self.add(&format!(
            r#"<rect class="gw-critical" x="{x}" y="{}" width="14" height="12"/>"#,
            self.y - 10
        ));
        self.text(x + 20, "", "critical path", "");
        self.y += LINE;
    }

    fn in_words(&mut self) {
        let timeline = self.timeline;
        self.heading("Critical path");
        for (took, text) in words::path(&timeline.critical_path, timeline.took) {
            self.y += LINE;
            self.add(&format!(
                r#"<text class="gw-t" x="{}" y="{}" text-anchor="end">{}</text>"#,
                MARGIN + 80,
                self.y,
                duration(took)
            ));
            self.text(MARGIN + 92, "", &text, "");
        }
        self.heading("Where the time went");
        for row in &timeline.rows {
            self.y += LINE;
            self.text(MARGIN, "", &words::row(row), "");
        }
        self.y += LINE;
    }

    fn heading(&mut self, text: &str) {
        self.y += LINE + 8;
        self.text(MARGIN, "gw-title", text, "");
    }

    /// A line of text, shortened where it is too long; the tooltip is the whole of it where there is no other.
    fn text(&mut self, x: u32, class: &str, text: &str, tooltip: &str) {
        let most = if x < self.left && !tooltip.is_empty() { NAME } else { TEXT };
        let mut shown: String = text.chars().take(most).collect();
        if shown.len() < text.len() {
            shown.pop();
            shown.push('…');
        }
        let tooltip = if tooltip.is_empty() && shown != text { text } else { tooltip };
        let title =
            if tooltip.is_empty() { String::new() } else { format!("<title>{}</title>", escape(tooltip)) };
        let class = format!("gw-t {class}");
        let class = class.trim_end();
        self.add(&format!(
            r#"<text class="{class}" x="{x}" y="{}">{title}{}</text>"#,
            self.y,
            escape(&shown)
        ));
    }

    /// A time's place.
    fn x(&self, time: Duration) -> f64 {
        let span = self.timeline.took.as_secs_f64().max(0.001);
        f64::from(self.left) + f64::from(self.width) * (time.as_secs_f64() / span).min(1.0)
    }

    fn add(&mut self, element: &str) {
        // Writing into a `String` cannot fail.
        let _ = writeln!(self.body, "{element}");
    }

    fn end(self) -> String {
        let (height, body) = (self.y + MARGIN, self.body);
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img">
<style>{STYLE}</style>
<rect class="gw-back" width="{WIDTH}" height="{height}"/>
{body}</svg>
"#
        )
    }
}

fn class(kind: Kind) -> &'static str {
    match kind {
        Kind::Remove => "remove",
        Kind::Pull => "pull",
        Kind::Build => "build",
        Kind::Create => "create",
        Kind::Wait => "wait",
        Kind::Start => "start",
        Kind::Ready => "ready",
    }
}
