# What the pages of the console say.

## Around every page
page-skip = Skip to the content
page-navigation = Console
page-languages = Language
page-home = To the first page
page-sign-out = Sign out
page-read-at = Knows of the log up to position { $position }.
page-times = Times are those of { $zone }.

## Signing in
page-sign-in = Sign in
page-login = Login
page-password = Password

## What can't be shown
page-failure-title = { $code ->
    [FORBIDDEN] Not for you
    [FORM_NOT_YOURS] This form is not yours
    [NOT_FOUND] Nothing here
    [METHOD_NOT_ALLOWED] Nothing here
    [BAD_INPUT] That can't be read
    [IEP_PAPER_NOT_READY] Not signed by all
    [BUSY] Too much at once
    [UNAVAILABLE] Not now
    [OUTCOME_UNKNOWN] It may have been done
    [POSITION_NOT_REACHED] In a moment
    [TIMED_OUT] That took too long
   *[other] Something went wrong
}
page-failure = { $code ->
    [FORBIDDEN] Your roles do not allow this.
    [FORM_NOT_YOURS] The form was not given to you, or before you signed in. Nothing was done: open the page again and send its form.
    [NOT_FOUND] There is no such page or plan.
    [METHOD_NOT_ALLOWED] There is no such page or plan.
    [BAD_INPUT] What was sent can't be read. Nothing was done.
    [IEP_PAPER_NOT_READY] Not all have signed this revision: there is no paper of it.
    [BUSY] Too many are at it. Nothing was done: try again in a moment.
    [UNAVAILABLE] The database can't answer now. Nothing was done: try again in a moment.
    [OUTCOME_UNKNOWN] The connection broke while it was written: it may have been done. Open the page again and look.
    [POSITION_NOT_REACHED] What was done is on disk, but can't be shown yet. Load the page again in a moment.
    [TIMED_OUT] The answer took too long. Open the page again and look whether it was done.
   *[other] Something went wrong on our side; it is in the server's log.
}
page-failure-code = Code:

## What waits
page-waiting = What waits for you
page-waiting-caption = Plans that wait for your signature, the longest waiting first
page-waiting-count = Waiting in all: { $count }
page-nothing-of-yours = Nothing waits for somebody of your roles. A plan opens by its address: /console/ieps/ and the plan's id.
page-own-plans = Your plans
page-no-plans = There is no plan yet.
page-pages = Pages of the list
page-first = First page
page-next = Next page
page-student = Student
page-group = Group
page-year = Academic year
page-signed-last = Signed last
page-revision-short = Revision

page-filter = Narrow the list
page-filter-name = Name begins with
page-filter-any = any
page-filter-do = Show
page-filter-clear = Show all
page-cause-of = Add/drop
page-changed = changed in add/drop
page-not-changed = not changed in add/drop
page-chosen = Choose
page-choose = Choose the plan of { $student }
page-tick-all = Choose all on this page
page-sign-chosen = Sign the chosen plans
page-sign-chosen-note = Each is signed in the revision shown here, and by itself: what is refused of one keeps no other from being signed.

## What has gone wrong
page-warned = Plans with warnings
page-warned-caption = Plans with a subject in progress that no longer meets what it asks for
page-warned-none = No plan has warnings.
page-warned-none-here = None of the plans that were looked at for this page has warnings; the next page looks at more.

## Signing several
page-outcomes = What came of signing
page-outcomes-count = Signed: { $done } of { $all }
page-outcome = Outcome
page-outcome-signed = Signed
page-nothing-chosen = No plan was chosen; nothing was signed.
page-back-to-list = Back to the list

## A plan
page-plan = Individual education plan
page-status = Status
page-status-is = { $status ->
    [OPEN] Open
    [SENT_BACK] Sent back
    [AWAITING_ADVISOR] Waits for the advisor
    [AWAITING_REGISTRAR] Waits for the registrar
    [READY] Ready
   *[other] { $status }
}
page-due = Signature due
page-nobody = nobody's: all have signed
page-role = { $role ->
    [STUDENT] student
    [ADVISOR] advisor
    [REGISTRAR] registrar
   *[other] { $role }
}
page-revision-newest = Newest revision
page-programme = Programme
page-advisor = Advisor
page-regulation = Regulation
page-credits = Credits by term
page-term = Term
page-credits-plan = Plan
page-credits-fact = Fact
page-credits-remainder = Remainder
page-warnings = What has gone wrong since
page-warnings-count = { $count ->
    [one] { $count } warning
   *[other] { $count } warnings
}

## Deciding
page-decide = Your decision
page-done = { $deed ->
    [sign] Your signature is on record.
   *[other] The plan was sent back.
}
page-signs = You sign as { $role } exactly revision { $revision }, as it is shown on this page.
page-sign = Sign revision { $revision }
page-reason = Reason for sending it back
page-sends-back = The student reads the reason. The revision ends with it, and the next one opens with the same subjects.
page-send-back = Send revision { $revision } back

## Revisions
page-revision = Revision { $number }
page-newest = newest
page-opened = Opened
page-by = By
page-because = Because
page-cause = { $cause ->
    [FIRST] It is the first
    [ADD_DROP] A change in add/drop
    [SENT_BACK] The one before was sent back
    [REGISTRAR] A registrar changed the plan
   *[other] { $cause }
}
page-sent-back = Sent back:
page-text-erased = (the text was erased)
page-differences = Differences from revision { $before }
page-no-differences = No differences.
page-change = { $kind ->
    [ADDED] Added:
    [REMOVED] Removed:
    [MOVED] Moved:
   *[other] { $kind }
}
page-change-where = { $kind ->
    [ADDED] in “{ $to }”
    [REMOVED] from “{ $from }”
   *[other] from “{ $from }” to “{ $to }”
}
page-subjects = Subjects
page-no-subjects = No subjects.
page-code = Code
page-subject = Subject
page-credits-short = Credits
page-total = In total
page-lost-seat = A registrar took the seat away ({ $component } { $group }):
page-override = Let in by a registrar in spite of what spoke against it:

## Signatures
page-signatures = Signatures
page-signatures-of = Signatures of revision { $number }
page-no-signatures = Nobody has signed.
page-signer-role = As
page-signer = Name
page-signed-at = Signed
page-hash-fits = Hash fits
page-holds = Holds
page-digest = SHA-256
page-yes = yes
page-no = no
page-signed-bytes = What was signed
page-signed-bytes-note = The bytes that are kept: { $bytes }, canonical JSON (RFC 8785). Here it is broken into lines to be read.
page-paper = Download as PDF
page-digest-anew = SHA-256 of these bytes, computed as this page was made:

## Checking a paper
page-check = Check a paper
page-check-code = Check code
page-check-help = It stands on the paper beside its QR code: four groups of four letters and digits.
page-check-do = Check
page-verdict = { $verdict ->
    [VALID] Valid
    [SUPERSEDED] Superseded
    [SENT_BACK] Sent back
    [ERASED] Holder erased
    [BROKEN] Does not fit
   *[other] { $verdict }
}
page-check-unknown = No paper has this code: look whether it is typed as it stands.
page-check-slowed = Too many codes came from your address that there are none of. Try again in some minutes.
