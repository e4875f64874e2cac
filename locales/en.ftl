# What a refusal says, by its code. The facts it was decided on are the variables.

## Accounts
ACCOUNT_UNKNOWN = There is no account of this person.
ACCOUNT_CLOSED = The account was closed.
ROLE_NOT_HELD = The person does not have this role: { $role ->
    [applicant] applicant
    [student] student
    [teacher] teacher
    [advisor] advisor
    [registrar] registrar
    [proctor] proctor
    [antiplagiat_officer] antiplagiarism officer
    [moderator] moderator
    [librarian] librarian
    [finance_officer] finance officer
    [auditor] auditor
    [administrator] administrator
   *[other] { $role }
}.
TEACHER_CARD_OF_NO_TEACHER = Only a teacher has a teacher's card.

## Students
STUDENT_UNKNOWN = There is no such student.
STUDENT_STATUS_FORBIDS = The student's standing ({ $status ->
    [applicant] not admitted yet
    [studying] studying
    [on_leave] on academic leave
    [expelled] expelled
    [graduated] graduated
   *[other] { $status }
}) does not allow this.
YEAR_OF_STUDY_OUT_OF_RANGE = A year of study is from 1 to 10, not { $year_of_study }.
HOLD_UNKNOWN = There is no such hold on the student, or it was lifted.

## Subjects
SUBJECT_UNKNOWN = There is no such subject.
SUBJECT_EXISTS = The subject is in the catalogue already.
SUBJECT_CODE_TAKEN = The catalogue has a subject with the code { $code }: { $title }.
SUBJECT_NO_CREDITS = A subject is worth at least some credits.
SUBJECT_OWN_PREREQUISITE = A subject can't be its own prerequisite.
SUBJECT_COMPETENCES_TOO_MANY = A subject has { $most ->
    [one] { $most } competence
   *[other] { $most } competences
} at the most; these are { $competences }.
SUBJECT_ASKS_FOR_ITSELF = A subject can't ask for itself.
REQUIREMENT_UNMEETABLE = Nobody could ever meet this: { $requirement }.
PREREQUISITE_CYCLE = Nobody could ever take these, each waits for the next: { $cycle }.
REQUIREMENTS_CHANGED = A subject that it leads to asks for something else by now: look again.
REQUIREMENT_TOO_LARGE = A requirement has at most { $most_parts ->
    [one] { $most_parts } part
   *[other] { $most_parts } parts
}, { $most_depth } deep; this one has { $parts }, { $depth } deep.
REQUIREMENT_IS_EMPTY = One of none can't be met: state what one of has to hold.

## Programmes
PROGRAMME_UNKNOWN = There is no such programme.
PROGRAMME_EXISTS = There is a programme with the code { $code } already.
ADMISSION_YEAR_OUT_OF_RANGE = A year of admission is from 1900 to 2200, not { $year }.
CURRICULUM_SIZE_OUT_OF_RANGE = A curriculum has from 1 to { $most ->
    [one] { $most } subject
   *[other] { $most } subjects
}, not { $subjects }.
SUBJECT_TWICE_IN_CURRICULUM = A subject stands in a curriculum once, not twice: { $subject }.
STUDY_TERM_OUT_OF_RANGE = A term of study is from 1 to 20, not { $term }.
GROUP_TWICE_IN_CURRICULUM = Two groups have the same name: { $group }.
GROUP_CHOICE_IMPOSSIBLE = { $choose } of { $of ->
    [one] { $of } subject
   *[other] { $of } subjects
} can't be chosen in { $group }.
GROUP_CREDITS_IMPOSSIBLE = From { $from } to { $to ->
    [one] { $to } credit
   *[other] { $to } credits
} can't be gathered in { $group }, whose subjects have { $of }.
GROUP_CHOICE_UNCLEAR = A group counts either so many subjects (chooseSubjects), or credits (creditsFrom, creditsTo).

## The academic calendar
TERM_UNKNOWN = There is no such term.
TERM_EXISTS = The calendar has the term { $title } from { $starts_on } to { $ends_on } already.
PERIOD_UNTITLED = A period of no set kind needs a title.
PERIOD_UNKNOWN = The term has no such period in the calendar.
TERM_ENDS_BEFORE_IT_STARTS = The term would end on { $ends_on }, before it starts on { $starts_on }.
AUDIENCE_EMPTY = It is not said whom the period is for. Leave the audience out where it is for everybody.
AUDIENCE_IS_NOBODY = The period is set, but nobody who studies now belongs to its audience: check what you entered.
PERIOD_IS_EMPTY = The period would close at { $closes_at }, not after it opens at { $opens_at }.
PERIOD_OPENS_OUTSIDE_TERM = A period of this kind has to open from { $starts_on } to { $ends_on }, and not on { $opens_on }.
PERIOD_OUTSIDE_TERM = From { $opens_at } until { $closes_at } there would be something outside the term: { $kind ->
    [add_drop] add/drop
    [study] teaching
    [controls] controls
    [exams] exams
   *[holidays] holidays
 }. Move it first.
PERIOD_BEHIND_TERM = From { $opens_at } until { $closes_at } there would be something behind the last day of the term: { $kind ->
    [add_drop] add/drop
    [study] teaching
    [controls] controls
    [exams] exams
   *[holidays] holidays
 }. Move it first.

## The timetable
TIMETABLE = Timetable
PERIOD_KIND_REGISTRATION = Registration
PERIOD_KIND_CHOOSING_STREAMS = Choosing streams
PERIOD_KIND_ADD_DROP = Add/drop
PERIOD_KIND_STUDY = Studies
PERIOD_KIND_CONTROLS = Controls
PERIOD_KIND_EXAMS = Exams
PERIOD_KIND_HOLIDAYS = Holidays
PERIOD_KIND_OTHER = Event
SITTING_KIND_EXAM = Exam
SITTING_KIND_CONTROL = Control
SITTING_KIND_CONSULTATION = Consultation
SITTING_TOO_LONG = From { $starts_at } until { $ends_at } is too long: a sitting lasts { $most_hours } hours at the most.
SITTING_OUTSIDE_TERM = From { $starts_at } until { $ends_at } is outside the term, which is from { $opens_at } until { $closes_at } with its exams.
SITTING_IN_THE_PAST = From { $starts_at } until { $ends_at } is in the past: it is { $now } now.
SITTINGS_AT_ONCE = { $students ->
    [one] { $students } student of the stream has
   *[other] { $students } students of the stream have
} another sitting at this time: { $subject } ({ $group }), { $kind ->
    [exam] exam
    [control] control
   *[consultation] consultation
}, from { $from } until { $to }.
CLASS_AT_ONCE = { $students ->
    [one] { $students } student of the stream has
   *[other] { $students } students of the stream have
} a class at this time: { $subject } ({ $group }), from { $from } until { $to }.
ON_HOLIDAY = The sitting is on a holiday: { $title }, from { $from } until { $to }.
ROOM_TAKEN = The room { $room } is taken at this time: { $subject } ({ $group }), { $kind ->
    [exam] exam
    [control] control
    [consultation] consultation
   *[class] class
}, from { $from } until { $to }.
TEACHER_ELSEWHERE = { $teacher } has something else at this time: { $subject } ({ $group }), { $kind ->
    [exam] exam
    [control] control
    [consultation] consultation
   *[class] class
}, from { $from } until { $to }.
SITTINGS_OUTSIDE = { $subject } ({ $group }), { $kind ->
    [exam] exam from { $starts_at } until { $ends_at }: outside the exams or the term, which are
    [control] control from { $starts_at } until { $ends_at }: outside the term, which is
   *[consultation] consultation from { $starts_at } until { $ends_at }: outside the term, which is
} from { $opens_at } until { $closes_at } now. { $count ->
    [one] It is the only one.
   *[other] There are { $count } like this.
}
CLASSES_OUTSIDE = { $meeting } ({ $group }) falls on no day of the term, which is from { $starts_on } until { $ends_on }, in these weeks: { $weeks }. { $count ->
    [one] It is the only class like this.
   *[other] There are { $count } classes like this.
}
STREAMS_AT_ONCE = { $students ->
    [one] { $students } student has
   *[other] { $students } students have
} { $meeting } at the same time as { $clashes }, from { $from } to { $to }{ $weeks ->
    [every] {""}
   *[other] , weeks: { $weeks }
}.
EXAM_OUTSIDE_EXAMS = From { $starts_at } until { $ends_at } is outside the exams, which are from { $opens_at } until { $closes_at }.
LINE_PASSED = Somebody behind in the line would keep the seat that is held for them: name those who are last in the line first.
SITTING_IS_EMPTY = The sitting ends at { $ends_at }, not after it begins at { $starts_at }.
SITTINGS_TOO_MANY = The stream has { $most ->
    [one] { $most } sitting
   *[other] { $most } sittings
}, as many as it may have.
SITTING_UNKNOWN = The stream has no such sitting.
CALENDAR_LINKS_TOO_MANY = { $most ->
    [one] There is { $most } link
   *[other] There are { $most } links
} to your timetable already: revoke one first.

## Streams
STREAM_UNKNOWN = There is no such stream.
STREAM_EXISTS = The stream is open already.
OF_STREAM = { $stream }: { $message }
OF_STUDENT = { $student }: { $message }
STREAM_FULL = { $limit ->
    [one] The only seat is taken.
   *[other] All { $limit } seats are taken.
}
SEAT_HELD = The student has a seat in this stream already.
NO_SEAT = The student has no seat in this stream.
STREAM_LISTED_ALREADY = The stream is listed under this subject already.
ROOMS_MISCOUNTED = { $meetings ->
    [one] There is { $meetings } meeting
   *[other] There are { $meetings } meetings
} and { $rooms ->
    [one] { $rooms } room
   *[other] { $rooms } rooms
}: state one for each, or none.
SEATS_HELD = The seats that are left ({ $held }) are held for those who wait for one; { $waiting ->
    [one] { $waiting } more waits
   *[other] { $waiting } more wait
}.
SEATS_RESERVED = { $free ->
    [one] The only free seat is
   *[other] The { $free } free seats are
} kept for others: { $kept }.
SEATS_KEPT = { $seats } for { $programme ->
    [any] all programmes
   *[other] programme { $programme }
}{ $year ->
    [any] {""}
   *[other] , year { $year }
}, until { $until }
STREAM_WITHOUT_LIMIT = A stream without a limit has no seats to keep.
RESERVED_FOR_ALL = Seats are kept for a programme, a year of study or both: say for whom.
RESERVED_BEYOND_LIMIT = { $reserved ->
    [one] { $reserved } seat
   *[other] { $reserved } seats
} would be kept of { $limit }.
RESERVED_UNTIL_PAST = { $until }, until when seats are to be kept, is over.
ONLINE_LINK_UNFIT = The address of an online class has to lead to the web (https://…): { $address } does not.
LIMIT_BELOW_RESERVED = Taken: { $taken }, held: { $held }, kept for some: { $reserved }; { $limit } in all would be too few.
LIMIT_BELOW_SEATS = { $taken ->
    [one] { $taken } seat is
   *[other] { $taken } seats are
} taken and { $held } held, more than { $limit }: name who leaves.
SEATS_TAKEN = { $taken ->
    [one] { $taken } student has
   *[other] { $taken } students have
} a seat in the stream, and { $held } more may take one that is held for them: name who leaves.
LEAVING_NEEDLESS = Named to leave: { $named }; not fitting any more: { $needed }. Taken: { $taken }, held: { $held }, kept for some: { $reserved }. Name nobody who need not leave.
STREAM_CLOSED = The stream was closed.
WAITING_ALREADY = The student waits for a seat in this stream already.
SEAT_FREE = A seat is free: take it, there is nothing to wait for.
NOT_WAITING = The student does not wait for a seat in this stream.
SEAT_NOT_OFFERED = No seat is held for the student yet.
OFFER_LAPSED = The seat was held until { $until }, and that time is over: it goes to the next in line, or is free.
MEETINGS_MISSING = Students are in the stream ({ $taken }): it can't be left without meetings. Close it where it is not held any more.
MEETINGS_OVERLAP = Two meetings of the stream would be at the same time: { $weekday }, from { $from } to { $to }{ $weeks ->
    [every] {""}
   *[other] , weeks { $weeks }
}.
STREAM_GROUP_TAKEN = There is a stream “{ $group }” of { $component } for this subject and term already.
MEETING_ENDS_BEFORE_IT_STARTS = A meeting would end at { $ends_at }, not after it starts at { $starts_at }.

## Regulations
REGULATION_VERSION_TAKEN = Version { $version } was published already, and a version never changes.
SCALE_HAS_GAPS = The scale's rows have to go down from the best to 0 percent.
LOWEST_GRADE_PASSES = The lowest row of the scale has to be a fail.
LETTER_TWICE = The letter { $letter } stands in the scale twice.
WEIGHTS_DO_NOT_ADD_UP = The weights do not add up to 100 percent: { $part ->
    [admission] the admission rating (first and second period)
    [rating] a rating (current work and midterm control)
    [final_grade] the final grade (rating and exam)
   *[other] { $part }
}.
REGULATION_MISSING = No regulation is in force on the first day of the term.

## Individual education plans
IEP_UNKNOWN = There is no such plan.
SUBJECT_IN_PLAN = The subject is on the plan already.
SUBJECT_NOT_IN_PLAN = The subject is not on the plan.
IEP_CHANGED = The plan has other subjects by now, and this one depends on them: try again.
IEP_STREAMS_CHANGED = The timetable has streams of another term by now that these were not compared with: try again.
TERM_NOT_IN_YEAR = The term does not belong to the plan's academic year.
CREDITS_OVER_LIMIT = With { $subject } more, the term's { $planned ->
    [one] { $planned } planned credit
   *[other] { $planned } planned credits
} would go over its { $limit }.
YEAR_CREDITS_OVER_LIMIT = With { $subject } more, the year's { $planned ->
    [one] { $planned } planned credit
   *[other] { $planned } planned credits
} would go over its { $limit }.
REGISTRATION_CLOSED = Registration is open from { $opens_at } until { $closes_at }; now it is { $now }.
REGISTRATION_NOT_SCHEDULED = No registration window is set for the term.
IEP_IS_SIGNED = The plan is signed (last by the { $signed_by }): subjects change only in add/drop, after it is sent back, or by a registrar.
IEP_REVISION_IS_OLD = The plan has changed: revision { $newest } is the newest, not { $revision }. Read it first.
IEP_IS_EMPTY = An empty plan can't be signed.
ADVISOR_MISSING = The plan waits for the advisor, and the student has none: assign one first.
SIGNATURE_OUT_OF_ORDER = The plan waits for the signature of the { $waits_for } first.
SIGNED_ALREADY = The signature of the { $role } is there already.
NOT_A_SIGNER = Only the student, their advisor and a registrar sign a plan.
IEP_NOT_SIGNED_YET = A plan that nobody has signed yet can't be sent back.
PREREQUISITE_FAILED = { $subject } is on the plan, but its prerequisite { $prerequisite } was failed.
PREREQUISITE_GIVEN_UP = { $subject } is on the plan, but its prerequisite { $prerequisite } was given up.
GROUP_IS_FULL = Of the group “{ $group }” { $choose } can be chosen; the others that are chosen or asked for are { $chosen }.
GROUP_CREDITS_OVER_LIMIT = With { $subject } more, the { $chosen ->
    [one] { $chosen } credit
   *[other] { $chosen } credits
} chosen of the group “{ $group }” would go over its { $limit }.
APPROVAL_UNKNOWN = The subject is not approved for the student.
PROGRAMME_HEAD_MISSING = Nobody heads the programme “{ $programme }”, who could approve it: ask the registrar.
APPROVAL_NOT_NEEDED = The subject asks for no approval by the head of the programme.
APPROVAL_WITHDRAWN = { $subject } is on the plan, but its approval was taken back.
COREQUISITE_GIVEN_UP = { $subject } is on the plan, but { $corequisite }, which goes with it, was given up.
STREAMS_CLASH = { $meeting } is at the same time as { $clashes }, from { $from } to { $to }{ $weeks ->
    [every] {""}
   *[other] , weeks { $weeks }
}.
MEETINGS_CHANGED = The stream meets at other times by now: look again.
SEATS_CHANGED = Others have seats in the stream by now: look again.
TEACHER_TWICE_AT_ONCE = { $teacher } has { $clashes } at the same time as { $meeting }, from { $from } to { $to }{ $weeks ->
    [every] {""}
   *[other] , weeks { $weeks }
}.
ROOM_TWICE_AT_ONCE = In the room { $room } there is { $clashes } at the same time as { $meeting }, from { $from } to { $to }{ $weeks ->
    [every] {""}
   *[other] , weeks { $weeks }
}.
STUDENT_STREAMS_CLASH = { $student }: { $meeting } is at the same time as { $clashes }, from { $from } to { $to }{ $weeks ->
    [every] {""}
   *[other] , weeks { $weeks }
}.
CHOOSING_STREAMS_CLOSED = Streams are chosen in the calendar's period for it, or in add/drop; { $opens_at ->
    [none] it is neither now
   *[other] there is one from { $opens_at } until { $closes_at }, and now it is { $now }
}.
SEAT_KEPT = The seat in { $subject } ({ $group }) is kept: give up the registration, or take the student out of the stream, if somebody else is to have it.
PARENT_UNSUITABLE = A parent is of the same subject, term and configuration, and of another component.
SIGNATURE_SENT_BACK = The revision was sent back.
SIGNATURE_SUPERSEDED = A newer revision took this one's place.
SIGNATURE_DIGEST_DIFFERS = The digest is not that of the signed bytes.

## Registrations, marks and grades
ENROLLMENT_UNKNOWN = There is no such registration.
ENROLLMENT_DROPPED = The registration was given up.
REGISTERED_ALREADY = The student is registered for { $code } in this term already.
SUBJECT_IN_PROGRESS = { $code } is on the student's plan and has no grade yet.
SUBJECT_PASSED_ALREADY = The student has passed { $code }, and a positive grade can't be taken again.
RETAKE_DUE = The exam of { $code } may be taken again, which comes before a new registration.
PREREQUISITES_MISSING = These have to be passed before: { $missing }.
COREQUISITE_MISSING = The subject has to be taken in the same term as { $with }: register for that first.
SUBJECTS_EXCLUDE = The subject can't be taken in the same term as { $with }.
YEAR_OF_STUDY_TOO_LOW = The subject is for year { $least } of study and later ones; the student's is { $year_of_study ->
    [none] not known
   *[other] { $year_of_study }
}.
CREDITS_TOO_FEW = The subject asks for { $least ->
    [one] { $least } credit
   *[other] { $least } credits
} gathered; the student has { $gathered }.
PROGRAMME_NOT_FITTING = The subject is for students of another programme: { $code }.
GROUP_NOT_FITTING = The subject is for the group { $asked }; the student's is { $group ->
    [none] not known
   *[other] { $group }
}.
APPROVAL_MISSING = The head of the programme has to approve the subject for the student first.
REQUIREMENT_UNMET = The subject asks for this, which the student does not meet: { $requirement }.
REGISTRATION_HELD = The student can't register until a hold is lifted: { $hold }.
OVERRIDE_NOT_NEEDED = This does not speak against the registration, so there is nothing to override: { $reason ->
    [none] no reason is named
    [PREREQUISITES_MISSING] missing prerequisites
    [COREQUISITE_MISSING] a missing corequisite
    [SUBJECTS_EXCLUDE] another subject that excludes it
    [YEAR_OF_STUDY_TOO_LOW] the year of study
    [CREDITS_TOO_FEW] too few credits gathered
    [PROGRAMME_NOT_FITTING] the programme
    [GROUP_NOT_FITTING] the group
    [APPROVAL_MISSING] a missing approval
    [REQUIREMENT_UNMET] an unmet requirement
    [GROUP_IS_FULL] the number of subjects of an elective group
    [GROUP_CREDITS_OVER_LIMIT] the credits of an elective group
    [REGISTRATION_HELD] a hold
    [SUBJECT_NOT_OFFERED] that the subject is not offered
    [CREDITS_OVER_LIMIT] the term's credits
    [YEAR_CREDITS_OVER_LIMIT] the year's credits
   *[other] { $reason }
}.
SUBJECT_NOT_OFFERED = { $code } is not offered in this term.
ENROLLMENT_HAS_MARKS = A registration with marks can't be given up (the first mark is of this kind: { $first ->
    [current] current work
    [practice] practice class
    [laboratory] laboratory
    [self_work] self-work
    [midterm] midterm control
    [rating] rating
    [exam] exam
    [retake] retake
   *[other] { $first }
}).
GRADED_ALREADY = The registration has its final grade, { $grade }.
STREAM_OF_ANOTHER_COMPONENT = The stream is { $wanted }, and the one in whose place it would be taken is { $component }.
STREAM_OF_ANOTHER_SUBJECT = The stream does not belong to { $code } in this term.
STREAM_HELD = The student is in this stream already.
STREAM_NOT_HELD = The student is not in this stream.
STREAMS_CHANGED = The student's streams have changed meanwhile: read them again.
STREAM_CONFIGURATION_MIXED = The stream belongs to configuration { $asked }, the streams chosen so far to { $chosen }.
STREAM_COMPONENT_TWICE = One stream of { $component } is taken, not two.
PARENT_STREAM_NOT_CHOSEN = The stream can only be taken together with another one: { $stream }.
CHILD_STREAM_HELD = The student is in a stream that needs the one that would be given up: { $stream }.
PERCENT_OUT_OF_RANGE = A percentage is from 0 to 100, not { $percent }.
WEIGHT_OUT_OF_RANGE = A weight is over 0 and at most 100, not { $weight }.
DAY_IN_FUTURE = { $day } has not come yet: today is { $today }.
RATING_PERIOD_NEEDED = A mark of this kind ({ $kind ->
    [current] current work
    [practice] practice class
    [laboratory] laboratory
    [self_work] self-work
    [midterm] midterm control
    [rating] rating
    [exam] exam
    [retake] retake
   *[other] { $kind }
}) belongs to rating period 1 or 2.
RATING_PERIOD_NOT_FOR_EXAM = A mark of this kind ({ $kind ->
    [exam] exam
    [retake] retake
   *[other] { $kind }
}) belongs to no rating period.
RATING_PERIOD_OUT_OF_RANGE = A rating period is 1 or 2, not { $period }.
RATINGS_ARE_COMPUTED = Regulation { $regulation } computes ratings from marks.
RATING_MISSING = Rating { $period } is missing, and before the exam both have to be there.
NOT_ADMITTED = The admission rating is { $rating }, and { $needed } is needed for the exam.
ADMITTED_TO_EXAM = The admission rating is { $rating }: with { $needed } the student is admitted to the exam.
NOT_GRADED_YET = There is no final grade yet.
NO_RETAKE = The grade { $grade } does not lead to a retake.
OUTSIDE_MARK_UNKNOWN = The regulation has no mark { $letter } outside the GPA.

## Syllabuses
MEETING_WEEK_OUT_OF_RANGE = The term has the weeks 1 to { $weeks }, and no week { $week }.
SYLLABUS_WEEK_OUT_OF_RANGE = The term has the weeks 1 to { $weeks }, and no week { $week }.
SYLLABUS_CLASSES_TOO_MANY = A week has { $most ->
    [one] { $most } class
   *[other] { $most } classes
} at the most; these are { $classes }.
SYLLABUS_SOURCES_TOO_MANY = A class has { $most ->
    [one] { $most } link or reference
   *[other] { $most } links and references
} at the most; here are { $links ->
    [one] { $links } link
   *[other] { $links } links
} and { $references ->
    [one] { $references } reference
   *[other] { $references } references
}.
SYLLABUS_LINK_UNFIT = A link begins with http:// or https:// and the name of a site; this one does not: { $address }
SYLLABUS_CLASS_UNKNOWN = There is no class number { $class } here.
SYLLABUS_CLASS_TWICE = Class number { $class } is named twice in the week.
SYLLABUS_CLASS_HAS_FILES = Class number { $class } still has files ({ $files }): take them away first.
SYLLABUS_FILES_TOO_MANY = A class has { $most ->
    [one] { $most } file
   *[other] { $most } files
} at the most, and class number { $class } has them.
SYLLABUS_FILE_UNKNOWN = The syllabus has no such file.

## The API itself
NOT_FOUND = There is nothing with this id.
ID_MALFORMED = This is no id.
TEXT_EMPTY = { $field ->
    [reason] A reason is needed: write it down.
   *[other] A text is needed here, and nothing is written.
}
TEXT_TOO_LONG = The text has { $length ->
    [one] { $length } character
   *[other] { $length } characters
}; it may have { $most }.
TEXT_HAS_CONTROL_CHARACTERS = The text holds control characters.
NUMBER_OUT_OF_RANGE = The number is out of range: it may be from { $least } to { $most }.
NAMED_TWICE = This is in the list twice: once is enough.
TOO_MANY_AT_ONCE = At most { $most } at once, not { $asked }.
TRY_AGAIN = This could not be done now, or it is not known whether it was. Ask again under the same idempotency key: nothing is done twice.
NOT_YOURS = This is not yours to act on.
IDEMPOTENCY_KEY_REUSED = The idempotency key was used for another request.
LOGIN_TAKEN = Somebody else has this login.
IIN_TAKEN = Somebody else has this IIN.
EXTERNAL_ID_TAKEN = Somebody else has this external id.
SIGN_IN_FAILED = Login or password is wrong.
SIGN_IN_SLOWED = Too many sign-ins failed: try again in { $seconds ->
    [one] { $seconds } second
   *[other] { $seconds } seconds
}.
PASSWORD_WRONG = The current password is wrong.
PASSWORD_TOO_SHORT = A password has at least { $least ->
    [one] { $least } character
   *[other] { $least } characters
}.
PASSWORD_TOO_LONG = A password has at most { $most ->
    [one] { $most } character
   *[other] { $most } characters
}.
ACCESS_INVALID = The one-time access is unknown, used or run out.
LOGIN_MISSING = The person has no login yet: state one.

## Tests
TEST_UNKNOWN = There is no such test.
TEST_EXISTS = The test is planned already.
TEST_MOVED = A test stays with its subject and term.
TEST_WINDOW_IS_EMPTY = The test would close at { $closes_at }, not after it opens at { $opens_at }.
TEST_MINUTES_OUT_OF_RANGE = An attempt takes from 1 to { $most ->
    [one] { $most } minute
   *[other] { $most } minutes
}, not { $minutes }.
TEST_ATTEMPTS_OUT_OF_RANGE = A test has from 1 to { $most ->
    [one] { $most } attempt
   *[other] { $most } attempts
}, not { $attempts }.
TEST_PERIOD_UNFIT = A mark of this kind ({ $kind ->
    [current] current work
    [practice] practice class
    [laboratory] laboratory
    [self_work] self-work
    [midterm] midterm control
    [rating] rating
    [exam] exam
    [retake] retake
   *[other] { $kind }
}) is not of this rating period.
TEST_NO_QUESTIONS = A test needs at least one question.
TEST_DRAWS_TOO_MANY = An attempt can't draw { $drawn } of { $questions ->
    [one] { $questions } question
   *[other] { $questions } questions
}.
TEST_QUESTION_NO_POINTS = Question { $number } is worth nothing.
TEST_QUESTION_OPTIONS_TOO_FEW = Question { $number } offers less than two options.
TEST_QUESTION_TWICE = Question { $number }, or an option of it, stands there twice.
TEST_QUESTION_NO_RIGHT_ANSWER = A question can't be answered rightly: a single choice has one right option, a multiple one at least one.
TEST_NOT_ATTEMPTED = You have not tried this test.
ATTEMPT_UNKNOWN = There is no such attempt.
TEST_NOT_STUDYING = Only who studies now takes tests; your status is: { $status ->
    [applicant] not admitted yet
    [studying] studying
    [on_leave] on academic leave
    [expelled] expelled
    [graduated] graduated
   *[other] { $status }
}.
TEST_NOT_ADMITTED = You are not admitted to this exam; your admission rating is { $rating }.
TEST_NOTHING_TO_RETAKE = There is no grade in this subject that could be retaken.
TEST_NOT_REGISTERED = You are not registered for the subject of this test.
TEST_NOT_OPEN = The test is open from { $opens_at } to { $closes_at }; it is { $now }.
TEST_RATING_TOO_LOW = An admission rating of { $needed } is needed; yours is { $rating }.
TEST_SUBJECT_GRADED = The subject has its final grade, { $grade }.
ATTEMPT_RUNS = Attempt { $number } still runs.
TEST_PASSED_ALREADY = You have passed this test.
ATTEMPTS_USED_UP = { $allowed ->
    [one] The only attempt is used.
   *[other] All { $allowed } attempts are used.
}
TEST_CONCLUDED = The result of this test stands.
ATTEMPT_OVER = The attempt has ended.
ATTEMPT_TIME_IS_UP = The attempt ended at { $ends_at }; it is { $now }.
ATTEMPT_NOT_PROCTORED = Nobody watches this attempt: closing its page does not end it.
QUESTION_NOT_DRAWN = This attempt does not ask that question.
ONE_OPTION_ASKED = One option is asked, { $given ->
    [one] { $given } was given
   *[other] { $given } were given
}.
OPTION_NOT_OFFERED = The question does not offer this option.
ANSWER_KIND_WRONG = The question asks for another kind of answer.
ANSWER_SEQUENCE_TAKEN = Another answer came under the number { $sequence }: is the test open in two windows?

## Files
FILE_NOT_SENT = The request has no such file: files come by multipart requests.
FILE_EMPTY = The file is empty.
FILE_TOO_LARGE = The file is over { $most ->
    [one] { $most } byte
   *[other] { $most } bytes
}.
FILE_KIND_NOT_TAKEN = Only PDF, DOCX, PNG and JPEG files are taken; what counts is what is in the file, not its name.
FILE_NAME_UNSAFE = This can't be a file's name: it is missing, has a path in it, or characters that can't be seen.
FILE_NAME_TOO_LONG = The file's name is over { $most ->
    [one] { $most } byte
   *[other] { $most } bytes
}.
FILE_USED = The file is used already, or waited too long and is gone: send it once more.
FILE_BROKE_OFF = The file broke off on its way, or took too long.

## Theses
THESIS_UNKNOWN = There is no such thesis.
THESIS_EXISTS = The thesis is open already.
THESIS_RULES_MISSING = The regulation in force says nothing of works of the kind { $kind }.
THESIS_CONCLUDED = The work has passed, or is not credited: nothing follows.
THESIS_UNDER_CHECK = Attempt { $attempt } is being checked, or waits for its decision.
THESIS_DOCUMENT_NOT_ASKED = A document of this kind ({ $kind ->
    [title_page] title page
    [assignment] assignment
    [abstract] abstract
    [supervisor_review] supervisor's review
    [review] review
    [appendices] appendices
   *[other] { $kind }
}) is not asked for.
THESIS_TITLE_PAGE_ONE_FILE = The title page is one file; take the other back first.
THESIS_DOCUMENT_UNKNOWN = There is no such document.
THESIS_TOO_MANY_FILES = No more than { $most ->
    [one] { $most } file is
   *[other] { $most } files are
} handed in with one thesis.
THESIS_WORK_NOT_TEXT = A work is handed in as PDF or DOCX, not as { $kind }.
THESIS_NO_ATTEMPT_OPEN = No attempt is open: your supervisor or the staff open the next one.
THESIS_ATTEMPT_OPEN = Attempt { $attempt } is open already.
THESIS_ALLOWANCE_TOO_LOW = Attempts used: { $free_used } free, { $paid_used } paid; one has to be left.
THESIS_ALLOWANCE_TOO_HIGH = There { $most ->
    [one] is at most { $most } attempt
   *[other] are at most { $most } attempts
} of each kind.
THESIS_PAYMENT_DUE = Attempt { $attempt } has to be paid first.
THESIS_ATTEMPT_IS_FREE = Attempt { $attempt } is free: there is nothing to pay.
THESIS_RECEIPT_MISSING = The receipt for attempt { $attempt } was not handed in yet.
THESIS_PAID_ALREADY = Attempt { $attempt } is paid.
THESIS_WORK_MISSING = The work for attempt { $attempt } was not handed in yet.
THESIS_DOCUMENTS_MISSING = Without all documents no check is possible; missing: { $missing }.
THESIS_ATTEMPT_UNKNOWN = There is no attempt { $attempt }.
THESIS_ATTEMPT_NOT_NEWEST = Attempt { $attempt } is no longer the newest, which is { $newest }.
THESIS_NO_REPORT = There is no report on attempt { $attempt } yet.
THESIS_DECIDED_ALREADY = Attempt { $attempt } is decided.
THESIS_BELOW_THRESHOLD = An originality of { $originality } is below the threshold of { $threshold }.
THESIS_REASON_MISSING = An originality of { $originality } reaches the threshold of { $threshold }: say why the work fails.

## Papers
IEP_PAPER_NOT_READY = There is no paper yet: not all have signed this revision.
FORBIDDEN = Your roles do not allow this.
PAPER_IEP = Individual education plan
PAPER_STUDENT = Student
PAPER_PROGRAMME = Programme
PAPER_ADMITTED = Year of admission
PAPER_ADVISOR = Advisor
PAPER_YEAR = Academic year
PAPER_REVISION = Revision
PAPER_CREDITS_IN_ALL = Credits in all
PAPER_CODE = Code
PAPER_SUBJECT = Subject
PAPER_CREDITS = Credits
PAPER_TOTAL = Total
PAPER_SIGNATURES = Signatures
PAPER_ROLE = Role
PAPER_SIGNED_BY = Signed by
PAPER_SIGNED_AT = Signed at
PAPER_DIGEST = SHA-256
PAPER_DIGEST_OF = All signed the same text. Its SHA-256: { $digest }
PAPER_ROLE_NAME = { $role ->
    [student] Student
    [advisor] Advisor
    [registrar] Registrar
   *[other] { $role }
}
PAPER_TIME = { $at }
PAPER_ERASED = erased person
PAPER_CHECK = Does this paper still hold?
PAPER_CHECK_HOW = The address below, which is also in the QR code, tells whether this is the newest valid revision of the plan. The code may be typed in there as well.
PAPER_CHECK_PICTURE = QR code with the address at which this paper is checked
PAPER_IS_VALID = The paper is of the newest revision of the plan, and all signatures hold.
PAPER_IS_SUPERSEDED = The paper holds no more since { $at }, when a newer revision was opened; { $ready ->
    [yes] all have signed the newest
   *[other] not all have signed the newest yet
}.
PAPER_IS_SENT_BACK = The paper holds no more: its revision was sent back at { $at }.
PAPER_IS_ERASED = The paper is on record, but what is known of its holder was erased, as the law lets them ask for.
PAPER_IS_BROKEN = The record does not fit what was signed: ask the university.

## Requests
REQUEST_SWAP = Swap a subject
REQUEST_GIVE_UP = Give a subject up
REQUEST_ADD = Add a subject
REQUEST_CHANGE_STREAM = Change the stream
REQUEST_UNKNOWN = There is no such request.
REQUEST_OPEN_ALREADY = A request about the same subject waits for its decision already.
REQUEST_DECIDED_ALREADY = { $status ->
    [withdrawn] The request was withdrawn at { $decided_at }
    [accepted] The request was accepted at { $decided_at }
    [refused] The request was refused at { $decided_at }
   *[other] The request was decided at { $decided_at }
}: nothing more can be decided about it.
REQUEST_CHANGES_NOTHING = That is what there is already: there is nothing to change.
ADD_DROP_CLOSED = A change is asked for in add/drop, from { $opens_at } until { $closes_at }; now it is { $now }.
ADD_DROP_NOT_SCHEDULED = The calendar has no add/drop for this term: a change can't be asked for.

## Told at the top of an answer
UNAUTHENTICATED = Sign in first.
NOT_FOUND_FILE = There is no such file.
NOT_FOUND_CALENDAR = There is no such calendar.
NOT_FOUND_PAPER = There is no paper with this code.
BUSY = Too many commands wait: try again in a moment.
BUSY_WITH_SIGN_INS = Too many sign in at once: try again in a moment.
UNAVAILABLE = The database can't answer now.
UNAVAILABLE_TO_WRITE = Nothing was written: the database can't take it now.
UNAVAILABLE_FILES = The store of files can't be reached now.
OUTCOME_UNKNOWN = The connection broke while it was written: it may have been done. Ask again with the same idempotency key.
INTERNAL = Something went wrong on our side; it is in the server's log.
POSITION_NOT_REACHED = What was written last can't be shown yet: ask again in a moment.
POSITION_NOT_IN_LOG = The log does not go so far, or not yet.
SUBSCRIBE_AGAIN = Your roles have changed: subscribe again.
CHECKS_SLOWED = Too many unknown codes: try again in { $seconds ->
    [one] { $seconds } second
   *[other] { $seconds } seconds
}.
INPUT_NO_ID = This is no id.
INPUT_NO_CURSOR = This is no cursor of this list.
INPUT_FIRST_NEGATIVE = `first` can't be negative.
INPUT_NO_AGGREGATE_TYPE = There is no such type of aggregate.
INPUT_NO_EVENT_TYPE = There is no such type of event.
INPUT_NO_VIEW = There is no such view; there are: { $known }.
INPUT_KEY_TOO_LONG = No document has so long a key.
INPUT_TWO_TIMES = `asOf` and `asOfPosition` can't be asked together.
INPUT_DAYS_BEYOND = No clock reaches these days.
INPUT_TWO_ENDS = State `to` or `span`, not both.
INPUT_ENDS_BEFORE_START = `to` lies before `from`.
INPUT_TOO_MANY_DAYS = A timetable is shown for { $most ->
    [one] { $most } day
   *[other] { $most } days
} at the most.
INPUT_TOO_MANY_TOGETHER = At most { $most ->
    [one] { $most } subject and { $most } stream
   *[other] { $most } subjects and { $most } streams
} are looked at together.
INPUT_NO_LANGUAGE = `lang` is one of: { $known }.
INPUT_NO_POSITION = Oqu-After-Position is no position.
INPUT_VARIABLE_MISSING = The variable ${ $variable } is missing, and has to have a value.
INPUT_FIELD_MISSING = The field `{ $field }` is missing, and has to have a value.
INPUT_NO_SUCH_VALUE = There is no value `{ $value }` for `{ $field }`.
INPUT_UNREADABLE = A value is not of the type that belongs there.
QUERY_UNREADABLE = The query can't be read.
QUERY_UNFIT = The query does not fit what can be asked here.
QUERY_TOO_DEEP = The query is nested too deep.
QUERY_TOO_COMPLEX = The query asks for too much at once.
INPUT_HAS_NUL = A text holds the character U+0000.
QUERY_OF_SEVERAL_FIELDS = A subscription asks for one root field.
QUERY_TOO_MANY_ALIASES = The query renames { $aliases ->
    [one] { $aliases } field
   *[other] { $aliases } fields
}; it may rename { $most }.
BODY_TOO_LARGE = The body is over { $most ->
    [one] { $most } byte
   *[other] { $most } bytes
}, or broke off.
BODY_PART_TOO_LARGE = The part `{ $part }` is over { $most ->
    [one] { $most } byte
   *[other] { $most } bytes
}.
BODY_NOT_UTF8 = The body is not valid UTF-8.
BODY_NOT_JSON = The body has to be application/json.
BODY_NOT_GRAPHQL = The request can't be read.
PREFLIGHT_MISSING = A request with files needs the header GraphQL-Preflight.
UPLOAD_TOO_SLOW = The upload took too long.
BAD_REQUEST_METHOD = A mutation may not be asked by GET; send it by POST.
NOT_ACCEPTABLE = Answers come as application/graphql-response+json, application/json or text/event-stream.
SUBSCRIPTION_NEEDS_STREAM = Subscribe by WebSocket (graphql-transport-ws), or accept text/event-stream.
ORIGIN_NOT_ALLOWED = Pages of this origin may not connect.
TOO_MANY_OPERATIONS = The connection has { $most ->
    [one] { $most } operation
   *[other] { $most } operations
} open, and may have no more.
TIMED_OUT = The request took too long.
FILE_GONE = The file is on record, but gone from the store.
RANGE_NOT_SATISFIABLE = The file has { $size ->
    [one] { $size } byte
   *[other] { $size } bytes
}.

## Words of facts
WORD_MONDAY = Monday
WORD_TUESDAY = Tuesday
WORD_WEDNESDAY = Wednesday
WORD_THURSDAY = Thursday
WORD_FRIDAY = Friday
WORD_SATURDAY = Saturday
WORD_SUNDAY = Sunday
WORD_LECTURE = lecture
WORD_PRACTICE = practice
WORD_LABORATORY = laboratory
WORD_CLASS = class
WORD_SEMINAR = seminar
WORD_TITLE_PAGE = title page
WORD_ASSIGNMENT = assignment
WORD_ABSTRACT = abstract
WORD_SUPERVISOR_REVIEW = supervisor's review
WORD_REVIEW = review
WORD_APPENDICES = appendices
WORD_ALL = all of{" "}
WORD_ANY = one of{" "}
WORD_NOT = not{" "}
WORD_PASSED = to have passed
WORD_REGISTERED_NOW = to take in the same term
WORD_NOT_REGISTERED_WITH = not to take in the same term
WORD_YEAR_OF_STUDY_AT_LEAST = year of study from
WORD_CREDITS_GATHERED = credits gathered from
WORD_IN_PROGRAMME = programme
WORD_IN_GROUP = group
WORD_APPROVED_BY_HEAD = approval of the head of the programme

# What an import says of a folder.
IMPORT_CLASS_OVERFULL = { $students } are enrolled in it, and it has { $limit ->
    [one] { $limit } seat
   *[other] { $limit } seats
}
IMPORT_CLASSES_CLASH = `{ $user }` is enrolled in `{ $class }` and in `{ $with }`, which meet at the same time
IMPORT_AND_MORE = { $reason }; and { $more } more of the kind
IMPORT_EMPTY = empty
IMPORT_NO_DATE = `{ $text }` is no date (YYYY-MM-DD)
IMPORT_NO_NUMBER = `{ $text }` is no number
IMPORT_TOO_LONG = longer than { $most ->
    [one] { $most } character
   *[other] { $most } characters
}
IMPORT_CONTROL = holds a control character
IMPORT_NO_SESSION_TYPE = `{ $text }` is no type of session
IMPORT_ENDS_BEFORE_START = { $ends_on } is before the first day, { $starts_on }
IMPORT_OTHER_ROLE = `{ $user }` has another role in { $file }
IMPORT_NO_REGULATION = no regulation is in force on { $day }
IMPORT_NO_RESULT = `{ $text }` is none of Pass, Distinction, Fail, Withdrawn
IMPORT_NOT_IMPORTED = `{ $id }` on line { $line } of { $file } was not imported
IMPORT_NOT_THERE = there is no `{ $id }` in { $file }
IMPORT_RANGE_EMPTY = not over resultValueMin
IMPORT_NO_PERCENT = not from 0 to 100
IMPORT_OUTSIDE_RANGE = { $text } is outside of the line item's range
IMPORT_RESULT_TWICE = the line item has a result of this student on line { $line }
IMPORT_NO_SCORE_STATUS = `{ $text }` is no status of a score
IMPORT_ID_TWICE = `{ $id }` stands on line { $line } already
IMPORT_NO_STATUS = `{ $text }` is no status
IMPORT_NO_PARENT = `{ $text }` is no class that can be taken with this one
IMPORT_NO_SEATS = `{ $text }` is no number of seats
IMPORT_NO_WEEKS = `{ $text }` is not one 0 or 1 a week
IMPORT_NEVER_MEETS = it meets in no week
IMPORT_NO_DAYS = `{ $text }` is not seven 0 or 1 from Monday
IMPORT_NO_TIME = `{ $text }` is no time (HH:MM)
IMPORT_NO_MINUTES = `{ $text }` is no number of minutes over 0
IMPORT_PAST_MIDNIGHT = { $minutes } minutes from { $starts_at } on end past midnight
IMPORT_NO_CREDITS = `{ $text }` is no number of credits (over 0, to the hundredth)
IMPORT_QUOTE_OPEN = a quote is not closed
IMPORT_ROW_TOO_LONG = the row is longer than { $most ->
    [one] { $most } byte
   *[other] { $most } bytes
}
IMPORT_FIELDS = { $fields } fields in place of { $columns }
IMPORT_NOT_UTF8 = not UTF-8
IMPORT_HAS_NUL = holds U+0000
IMPORT_ID_TAKEN = somebody else has that id already ({ $key })
IMPORT_GRADED_OTHERWISE = the registration has another final grade; only a registrar corrects it
IMPORT_NO_SUCH_MARK = the regulation of the term has no such mark: { $refusal }
IMPORT_NOT_ENROLLED = the student is not enrolled in a class of that course and term
IMPORT_GIVEN_UP = the student has given the registration up
IMPORT_NO_ROLE = `{ $text }` is no role
IMPORT_NO_BOOLEAN = `{ $text }` is neither true nor false
IMPORT_TOO_MANY_SEATED = it meets at other times, and too many have a seat for their plans to follow: { $asked }, { $most } at the most
IMPORT_FILE_UNUSED = not imported
IMPORT_FILE_UNKNOWN = no part of OneRoster 1.1, ignored
IMPORT_HEAD_FILE = file
IMPORT_HEAD_READ = read
IMPORT_HEAD_IMPORTED = imported
IMPORT_HEAD_UNCHANGED = unchanged
IMPORT_HEAD_REJECTED = rejected
IMPORT_CHECKED = checked, nothing written in { $seconds } s
IMPORT_DONE = imported in { $seconds } s
IMPORT_REJECTED = { $file }, line { $line }, { $column }: { $reason }
IMPORT_WARNED = { $file }, line { $line }, warning: { $reason }
IMPORT_MOVED_CLASHES = it meets at other times, at which those have another class on their plans: { $names }{ $more ->
    [0] {""}
   *[other] ; and { $more } more
}
