//! The chart: how many times faster ours is than the stock stack, on a logarithmic scale.

use std::fmt::Write;

use crate::report::Measurement;

const LEFT: f64 = 250.0;
const WIDTH: f64 = 420.0;
const ROW: f64 = 26.0;

/// The chart as SVG.
pub fn svg(measurements: &[Measurement]) -> Result<String, std::fmt::Error> {
    let most = measurements.iter().map(|one| one.ratio).fold(10.0, f64::max);
    let place = |ratio: f64| LEFT + WIDTH * (ratio.max(1.0).ln() / most.ln());
    let height = 50.0 + ROW * measurements.len() as f64 + 30.0;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 760 {height}\" \
         font-family=\"sans-serif\" font-size=\"13\">\n\
         <rect width=\"760\" height=\"{height}\" fill=\"white\"/>\n\
         <text x=\"16\" y=\"26\" font-size=\"15\">Oqu beside the stock cqrs-es stack: times faster \
         (logarithmic)</text>\n"
    );
    let mut tick = 1.0;
    while tick <= most {
        let x = place(tick);
        writeln!(
            svg,
            "<line x1=\"{x:.1}\" y1=\"40\" x2=\"{x:.1}\" y2=\"{:.1}\" stroke=\"#ddd\"/>\
             <text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"#666\">{tick:.0}×</text>",
            height - 30.0,
            height - 12.0
        )?;
        tick *= 10.0;
    }
    for (row, one) in measurements.iter().enumerate() {
        let y = 44.0 + ROW * row as f64;
        let colour = if one.database.name() == "sqlite" { "#5b8def" } else { "#2f5d8a" };
        let end = place(one.ratio);
        writeln!(
            svg,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}, {}</text>\
             <rect x=\"{LEFT}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"18\" fill=\"{colour}\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\">{:.1}×</text>",
            LEFT - 8.0,
            y + 14.0,
            one.work.name(),
            one.database.name(),
            (end - LEFT).max(1.0),
            end + 6.0,
            y + 14.0,
            one.ratio
        )?;
    }
    svg.push_str("</svg>\n");
    Ok(svg)
}
