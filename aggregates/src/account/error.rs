//! Why an account does not do what was asked.

use crate::shared::Role;

refusals! {
    /// Why an account does not do what was asked.
    pub enum AccountError {
        /// There is no account of this person.
        Unknown = "ACCOUNT_UNKNOWN", "design 7";
        /// The account was closed.
        Closed = "ACCOUNT_CLOSED", "design 7";
        /// The person does not have this role.
        RoleNotHeld { role: Role } = "ROLE_NOT_HELD", "design 7", at "role";
        /// Only a teacher has a teacher's card.
        NoTeacher = "TEACHER_CARD_OF_NO_TEACHER", "manual 2.8", at "personId";
    }
}
