//! Why a regulation can't be published.

use crate::shared::Text;

refusals! {
    /// Why a regulation can't be published.
    pub enum RegulationError {
        /// This version was published already, and never changes.
        VersionTaken { version: Text } = "REGULATION_VERSION_TAKEN", "design 5", at "version";
        /// The scale's rows have to go down from the best to 0 percent.
        ScaleHasGaps = "SCALE_HAS_GAPS", "design 5", at "rules.scale";
        /// The lowest row of the scale has to be a fail.
        LowestGradePasses = "LOWEST_GRADE_PASSES", "design 5", at "rules.scale";
        /// A letter stands in the scale once.
        LetterTwice { letter: String } = "LETTER_TWICE", "design 5", at "rules.scale";
        /// Weights that belong together add up to 100 percent.
        WeightsDoNotAddUp { part: &'static str } = "WEIGHTS_DO_NOT_ADD_UP", "design 5", at "rules";
    }
}
