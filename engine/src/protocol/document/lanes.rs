//! Who did what when: a lane for each over one axis of time.

use super::Press;

/// Times are in microseconds, in the axis of the picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lanes {
    pub id: &'static str,
    /// The picture in words.
    pub said: String,
    pub from_us: u64,
    pub to_us: u64,
    /// The playhead, where it is in the picture.
    pub now_us: Option<u64>,
    /// The axis has a line every so often; the words of lanes are then clipped beside their spans.
    pub has_axis: bool,
    pub lanes: Vec<Lane>,
    /// Messages between lanes, and other moments.
    pub dots: Vec<Dot>,
    /// A line below the others, to compare with: its name, its stretches, and where the others end.
    pub compared: Option<(&'static str, Vec<Span>, u64)>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lane {
    pub name: String,
    pub spans: Vec<Span>,
    /// The effect of pressing the lane's name; pressed at a moment of the lane, the run first goes there.
    pub press: Option<Press>,
    /// That effect in words: "Write at agent-1".
    pub press_words: String,
}

/// How a stretch looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SpanLook {
    #[default]
    Done,
    /// Filled as far as it went, outlined as far as it will go.
    Running,
    /// It has not begun.
    Waiting,
    /// It was begun, and goes on later.
    Paused,
    Failed,
    /// Its time ran out.
    Expired,
    /// Called off.
    Off,
    /// Only for comparison.
    Alone,
}

impl SpanLook {
    /// As style sheets call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Running => "running",
            Self::Waiting => "waiting",
            Self::Paused => "paused",
            Self::Failed => "failed",
            Self::Expired => "expired",
            Self::Off => "off",
            Self::Alone => "alone",
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Span {
    pub from_us: u64,
    pub to_us: u64,
    /// As far as it will go.
    pub until_us: u64,
    pub look: SpanLook,
    /// In or beside it.
    pub text: String,
    /// The stretch in words, in full.
    pub said: String,
}

/// Something that happened at one moment of a lane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dot {
    pub lane: usize,
    pub time_us: u64,
    pub text: String,
    /// The lane it came from, and when it left there; none where it began here.
    pub from: Option<(usize, u64)>,
    pub press: Press,
}
