//! Why a syllabus can't be as asked.

use crate::shared::Text;

refusals! {
    /// Why a syllabus can't be as asked.
    pub enum SyllabusError {
        /// The term has no such week.
        WeekOutOfRange { week: i32, weeks: u8 } = "SYLLABUS_WEEK_OUT_OF_RANGE", "manual 2.8", at "week";
        /// A week has so many classes at the most.
        ClassesTooMany { classes: usize, most: usize }
            = "SYLLABUS_CLASSES_TOO_MANY", "manual 2.8", at "classes";
        /// A class has so many links and references at the most.
        SourcesTooMany { links: usize, references: usize, most: usize }
            = "SYLLABUS_SOURCES_TOO_MANY", "manual 2.8", at "classes";
        /// A link is no address of the web.
        LinkUnfit { address: Text } = "SYLLABUS_LINK_UNFIT", "manual 2.8", at "classes";
        /// There is no class of that number, or not in this week.
        ClassUnknown { class: u32 } = "SYLLABUS_CLASS_UNKNOWN", "manual 2.8";
        /// A week names a class once.
        ClassTwice { class: u32 } = "SYLLABUS_CLASS_TWICE", "manual 2.8", at "classes";
        /// A class stays as long as it has files.
        ClassHasFiles { class: u32, files: usize }
            = "SYLLABUS_CLASS_HAS_FILES", "manual 2.8", at "classes";
        /// A class has so many files at the most.
        FilesTooMany { class: u32, most: usize } = "SYLLABUS_FILES_TOO_MANY", "manual 2.8", at "file";
        /// The syllabus has no such file.
        FileUnknown = "SYLLABUS_FILE_UNKNOWN", "manual 2.8", at "fileId";
    }
}
