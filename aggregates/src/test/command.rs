//! What may be asked of a test.

use super::TestCard;
use crate::shared::TestId;

/// What may be asked of a test.
#[derive(Debug, Clone, strum::IntoStaticStr)]
pub enum TestCommand {
    /// Plan it.
    Create {
        /// Its id.
        test: TestId,
        /// What it is.
        card: TestCard,
    },
    /// Change what attempts that start from now on are like.
    Revise {
        /// Its id.
        test: TestId,
        /// What it is.
        card: TestCard,
    },
}
