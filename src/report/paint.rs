//! Colours: what a tone looks like, and nothing where there are no colours.

use anstyle::{AnsiColor, Style};

/// What a text means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Tone {
    /// Nothing in particular.
    #[default]
    Plain,
    /// A heading.
    Strong,
    /// As it should be.
    Good,
    /// Worth a look.
    Warn,
    /// Failed.
    Bad,
    /// Less important.
    Dim,
}

impl Tone {
    fn style(self) -> Style {
        match self {
            Self::Plain => Style::new(),
            Self::Strong => Style::new().bold(),
            Self::Good => AnsiColor::Green.on_default(),
            Self::Warn => AnsiColor::Yellow.on_default(),
            Self::Bad => AnsiColor::Red.on_default().bold(),
            Self::Dim => Style::new().dimmed(),
        }
    }
}

/// Puts colours on texts, or leaves them as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Paint(pub(super) bool);

impl Paint {
    /// The text in a tone.
    pub(super) fn tone(self, tone: Tone, text: &str) -> String {
        self.style(tone.style(), text)
    }

    /// The text in a style.
    pub(super) fn style(self, style: Style, text: &str) -> String {
        if self.0 && !style.is_plain() { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}
