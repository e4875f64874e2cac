-- A file is part of a thesis or of a syllabus.
ALTER TABLE files ADD COLUMN syllabus text;
