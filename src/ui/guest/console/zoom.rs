//! What a user chooses for the size of a guest's picture: words for the settings, and the steps of the zoom.
//!
//! Pure, no GTK. What a choice means for the picture's place is [`super::scaling`]'s.

use super::scaling::Scaling;

/// Percents between which zooming goes. A hundred is a device pixel for each pixel of the guest.
const STEPS: [u16; 14] = [
    25, 33, 50, 67, 75, 90, 100, 110, 125, 150, 175, 200, 300, 400,
];

/// How a guest's picture is to be scaled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui::guest) enum ScalingChoice {
    /// To the window.
    Always,
    /// To the window while that fills the screen.
    Fullscreen,
    /// Not at all: it scrolls.
    Never,
    /// To the largest whole multiple that the window has room for.
    Integer,
    /// To so many percent.
    Percent(u16),
}

/// A step of the zoom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui::guest) enum ZoomStep {
    /// Larger.
    In,
    /// Smaller.
    Out,
}

impl ScalingChoice {
    /// Reads the word of a setting; `None` when it is none of ours.
    pub(in crate::ui::guest) fn from_word(word: &str) -> Option<Self> {
        match word {
            "always" => Some(Self::Always),
            "fullscreen" => Some(Self::Fullscreen),
            "never" => Some(Self::Never),
            "integer" => Some(Self::Integer),
            other => {
                let percent = other.strip_suffix('%')?.parse().ok()?;
                let known = STEPS[0]..=STEPS[STEPS.len() - 1];
                known.contains(&percent).then_some(Self::Percent(percent))
            }
        }
    }

    /// Gives the word that stands for it in settings.
    pub(in crate::ui::guest) fn word(self) -> String {
        match self {
            Self::Always => "always".to_owned(),
            Self::Fullscreen => "fullscreen".to_owned(),
            Self::Never => "never".to_owned(),
            Self::Integer => "integer".to_owned(),
            Self::Percent(percent) => format!("{percent}%"),
        }
    }

    /// Gives what it means now. A guest that follows its window's size fills it but for some pixels.
    pub(super) fn scaling(self, is_fullscreen: bool, follows: bool) -> Scaling {
        match self {
            Self::Always if follows => Scaling::Follow,
            Self::Fullscreen if is_fullscreen && follows => Scaling::Follow,
            Self::Always => Scaling::Fit,
            Self::Fullscreen if is_fullscreen => Scaling::Fit,
            Self::Fullscreen | Self::Never => Scaling::Percent(100),
            Self::Integer => Scaling::Whole,
            Self::Percent(percent) => Scaling::Percent(percent),
        }
    }

    /// Gives the next step from what is shown, in percent.
    pub(super) fn zoomed(shown: f64, step: ZoomStep) -> Self {
        // What is shown may miss a step by a rounding.
        let next = match step {
            ZoomStep::In => STEPS.iter().find(|known| f64::from(**known) > shown + 0.5),
            ZoomStep::Out => {
                let mut smaller = STEPS.iter().rev();
                smaller.find(|known| f64::from(**known) < shown - 0.5)
            }
        };
        let end = match step {
            ZoomStep::In => STEPS[STEPS.len() - 1],
            ZoomStep::Out => STEPS[0],
        };
        Self::Percent(next.copied().unwrap_or(end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lead_back() {
        for choice in [
            ScalingChoice::Always,
            ScalingChoice::Fullscreen,
            ScalingChoice::Never,
            ScalingChoice::Integer,
            ScalingChoice::Percent(33),
        ] {
            assert_eq!(ScalingChoice::from_word(&choice.word()), Some(choice));
        }
        for word in ["", "fit", "%", "-5%", "24%", "401%", "99999%"] {
            assert_eq!(ScalingChoice::from_word(word), None, "{word}");
        }
    }

    #[test]
    fn zooming_walks_the_steps_and_stays_within() {
        let mut shown = ScalingChoice::zoomed(10.0, ZoomStep::In);
        let mut walked = vec![shown];
        while let ScalingChoice::Percent(percent) = shown {
            shown = ScalingChoice::zoomed(percent.into(), ZoomStep::In);
            if walked.last() == Some(&shown) {
                break;
            }
            walked.push(shown);
        }
        assert_eq!(walked, STEPS.map(ScalingChoice::Percent));
        assert_eq!(
            ScalingChoice::zoomed(100.2, ZoomStep::Out),
            ScalingChoice::Percent(90)
        );
        assert_eq!(
            ScalingChoice::zoomed(93.0, ZoomStep::In),
            ScalingChoice::Percent(100)
        );
        assert_eq!(
            ScalingChoice::zoomed(3.0, ZoomStep::Out),
            ScalingChoice::Percent(25)
        );
    }

    #[test]
    fn only_what_fills_the_window_follows_it() {
        let choice = ScalingChoice::Fullscreen;
        assert_eq!(choice.scaling(false, true), Scaling::Percent(100));
        assert_eq!(choice.scaling(true, true), Scaling::Follow);
        assert_eq!(choice.scaling(true, false), Scaling::Fit);
        assert_eq!(ScalingChoice::Integer.scaling(true, true), Scaling::Whole);
    }
}
