//! What is wrong, tied to a byte of a file; [`super::source::Sources`] turns it into lines, columns and paths.

/// Mistakes that are reported per file: more of them help nobody, and each costs time.
pub(super) const LIMIT: usize = 100;

/// A byte of one of the files that were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// Index of the file in [`super::source::Sources`].
    pub(super) file: usize,
    /// Byte offset in its text.
    pub(super) offset: usize,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Finding {
    /// Where.
    pub(super) place: Place,
    /// What.
    pub(super) message: String,
    /// What to do about it.
    pub(super) hint: Option<String>,
}

/// Everything that is wrong so far.
#[derive(Debug, Default)]
pub(super) struct Findings(Vec<Finding>);

impl Findings {
    /// Notes a mistake.
    pub(super) fn add(&mut self, place: Place, message: impl Into<String>) {
        self.push(place, message, None);
    }

    /// Notes a mistake and what to do about it.
    pub(super) fn add_with_hint(
        &mut self,
        place: Place,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.push(place, message, Some(hint.into()));
    }

    /// Notes a mistake with a hint where there is one.
    pub(super) fn push(&mut self, place: Place, message: impl Into<String>, hint: Option<String>) {
        self.0.push(Finding { place, message: message.into(), hint });
    }

    /// Whether something between two bytes of a file is wrong.
    pub(super) fn any_within(&self, file: usize, start: usize, end: usize) -> bool {
        self.0.iter().any(|f| f.place.file == file && (start..end).contains(&f.place.offset))
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// All of them by place, each once.
    pub(super) fn into_sorted(self) -> Vec<Finding> {
        let mut findings = self.0;
        findings.sort();
        findings.dedup();
        findings
    }
}
