//! Charts of one line of characters.

use orrery_units::{Quantity, Span};

/// How values are put onto a chart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scale {
    Linear,
    Logarithmic,
}

/// A line of bars.
#[derive(Clone, Debug)]
pub struct Chart {
    values: Vec<f64>,
    scale: Scale,
}

const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

impl Chart {
    pub fn of<Q: Quantity>(values: impl IntoIterator<Item = Q>) -> Self {
        let values = values.into_iter().map(Quantity::amount).collect();
        Chart {
            values,
            scale: Scale::Linear,
        }
    }

    pub fn of_spans(spans: impl IntoIterator<Item = Span>) -> Self {
        let values = spans.into_iter().map(Span::days).collect();
        Chart {
            values,
            scale: Scale::Linear,
        }
    }

    pub fn scaled(mut self, scale: Scale) -> Self {
        self.scale = scale;
        self
    }

    fn height(&self, value: f64) -> f64 {
        match self.scale {
            Scale::Linear => value,
            Scale::Logarithmic => value.max(f64::MIN_POSITIVE).ln(),
        }
    }

    /// The bars, lowest value lowest.
    pub fn render(&self) -> String {
        let heights: Vec<f64> = self
            .values
            .iter()
            .map(|value| self.height(*value))
            .collect();
        let low = heights.iter().copied().fold(f64::INFINITY, f64::min);
        let high = heights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let top = (BARS.len() - 1) as f64;
        heights
            .iter()
            .map(|height| match high - low {
                range if range > 0.0 => BARS[((height - low) / range * top).round() as usize],
                _ => BARS[0],
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use orrery_units::Kilometers;

    #[test]
    fn bars_grow_with_values() {
        let chart = Chart::of([1.0, 10.0, 100.0].map(Kilometers));
        assert_eq!(chart.render(), "▁▂█");
        assert_eq!(chart.scaled(Scale::Logarithmic).render(), "▁▅█");
        assert_eq!(Chart::of_spans([Span::DAY; 3]).render(), "▁▁▁");
    }
}
