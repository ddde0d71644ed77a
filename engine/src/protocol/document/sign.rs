//! Small pictures, named by what they mean.

/// A small picture. The page draws it, the command line prints its letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// A ballot: outlined on its way, filled once it is counted.
    For {
        counted: bool,
    },
    Against {
        counted: bool,
    },
    Abstain {
        counted: bool,
    },
    /// An option by its letter.
    Letter {
        letter: char,
        counted: bool,
    },
    /// Nothing yet.
    Open,
    /// Under consideration.
    Deciding,
    Absent,
    Refused,
    Exposed,
    Lost,
    /// Nothing came, and nothing will.
    Nothing,
    /// It was asked.
    Asked,
    Approved,
    Rejected,
    TimedOut,
    Holds,
    Violated,
    NotYet,
    Warning,
    /// Work: announced, under way, paused, done in part, done.
    Call,
    Working,
    Paused,
    HalfDone,
    Result,
    /// It is so, without more.
    Dot,
    /// Versions: one before the other, and side by side.
    Before,
    Concurrent,
}

impl Sign {
    /// In a line of text.
    #[must_use]
    pub const fn letter(self) -> char {
        match self {
            Self::For { .. } | Self::Approved | Self::Holds => '✓',
            Self::Against { .. } | Self::Rejected | Self::Violated => '✗',
            Self::Abstain { .. } | Self::Nothing | Self::TimedOut => '–',
            Self::Letter { letter, .. } => letter,
            Self::Open | Self::NotYet | Self::Deciding => '○',
            Self::Absent | Self::Refused | Self::Lost => '×',
            Self::Exposed | Self::Warning => '!',
            Self::Asked | Self::Call => '?',
            Self::Working => '◔',
            Self::Paused => '‖',
            Self::HalfDone => '◑',
            Self::Result => '●',
            Self::Dot => '·',
            Self::Before => '→',
            Self::Concurrent => '∥',
        }
    }
}
