# Бас тартудың коды бойынша не айтатыны. Айнымалылар - шешім негізделген деректер.

## Тіркелгілер
ACCOUNT_UNKNOWN = Бұл адамның тіркелгісі жоқ.
ACCOUNT_CLOSED = Тіркелгі жабылған.
ROLE_NOT_HELD = Бұл адамның мұндай рөлі жоқ: { $role ->
    [applicant] талапкер
    [student] студент
    [teacher] оқытушы
    [advisor] эдвайзер
    [registrar] тіркеуші
    [proctor] проктор
    [antiplagiat_officer] антиплагиат маманы
    [moderator] модератор
    [librarian] кітапханашы
    [finance_officer] қаржы бөлімінің қызметкері
    [auditor] аудитор
    [administrator] әкімші
   *[other] { $role }
}.
TEACHER_CARD_OF_NO_TEACHER = Оқытушы карточкасы тек оқытушыда болады.

## Студенттер
STUDENT_UNKNOWN = Мұндай студент жоқ.
STUDENT_STATUS_FORBIDS = Студенттің қазіргі жағдайы бұған жол бермейді: { $status ->
    [applicant] ол әлі қабылданбаған
    [studying] ол оқып жүр
    [on_leave] ол академиялық демалыста
    [expelled] ол оқудан шығарылған
    [graduated] ол оқуын бітірген
   *[other] { $status }
}.
YEAR_OF_STUDY_OUT_OF_RANGE = Оқу курсы 1-ден 10-ға дейін болады, { $year_of_study } емес.

## Пәндер
SUBJECT_UNKNOWN = Мұндай пән жоқ.
SUBJECT_EXISTS = Бұл пән каталогта бар.
SUBJECT_CODE_TAKEN = Каталогта { $code } коды бар пән бар: { $title }.
SUBJECT_NO_CREDITS = Пәннің кредиті болуы керек.
SUBJECT_COMPETENCES_TOO_MANY = Пәннің { $most } құзыреттен артық болмайды; мұнда { $competences }.
SUBJECT_OWN_PREREQUISITE = Пән өзіне өзі пререквизит бола алмайды.

## Академиялық күнтізбе
TERM_UNKNOWN = Мұндай оқу кезеңі жоқ.
TERM_EXISTS = Күнтізбеде «{ $title }» оқу кезеңі бар: { $starts_on } – { $ends_on }.
TERM_ENDS_BEFORE_IT_STARTS = Оқу кезеңі { $starts_on } басталмай тұрып, { $ends_on } аяқталар еді.
AUDIENCE_EMPTY = Кезеңнің кімдерге арналғаны айтылмаған. Барлығына арналса, аудиторияны көрсетпеңіз.
AUDIENCE_IS_NOBODY = Кезең белгіленді, бірақ қазір оқып жүргендердің ешқайсысы оның аудиториясына кірмейді: енгізген деректеріңізді тексеріңіз.
PERIOD_IS_EMPTY = Кезең { $opens_at } ашылғаннан кейін емес, { $closes_at } жабылар еді.
PERIOD_OPENS_OUTSIDE_TERM = Мұндай кезең мына күндердің бірінде ашылуы керек: { $starts_on } – { $ends_on }; көрсетілгені: { $opens_on }.
PERIOD_OUTSIDE_TERM = { $opens_at } – { $closes_at } аралығында оқу кезеңінен тыс қалар еді: { $kind ->
    [add_drop] қайта тіркелу
    [study] сабақтар
    [controls] бақылаулар
    [exams] емтихандар
   *[holidays] каникул
 }. Алдымен оны жылжытыңыз.
PERIOD_BEHIND_TERM = { $opens_at } – { $closes_at } аралығында оқу кезеңінің соңғы күнінен кейін қалар еді: { $kind ->
    [add_drop] қайта тіркелу
    [study] сабақтар
    [controls] бақылаулар
    [exams] емтихандар
   *[holidays] каникул
 }. Алдымен оны жылжытыңыз.

## Ағындар
STREAM_UNKNOWN = Мұндай ағын жоқ.
STREAM_EXISTS = Бұл ағын ашылып қойған.
OF_STREAM = { $stream }: { $message }
OF_STUDENT = { $student }: { $message }
STREAM_FULL = Ағындағы барлық орын бос емес ({ $limit }).
SEAT_HELD = Студенттің бұл ағында орны бар.
NO_SEAT = Студенттің бұл ағында орны жоқ.
SEATS_HELD = Қалған орындар ({ $held }) кезекте тұрғандарға сақталған; тағы { $waiting } адам күтіп тұр.
WAITING_ALREADY = Студент бұл ағынның кезегінде тұр.
SEAT_FREE = Бос орын бар: күтудің қажеті жоқ, орынды алыңыз.
NOT_WAITING = Студент бұл ағынның кезегінде тұрған жоқ.
SEAT_NOT_OFFERED = Студентке әлі орын сақталмаған.
OFFER_LAPSED = Орын { $until } уақытына дейін сақталды, ол уақыт өтті: орын кезектегі келесі адамға беріледі немесе бос тұр.
MEETINGS_MISSING = Ағында студенттер бар ({ $taken }): оны сабақсыз қалдыруға болмайды. Сабақ бұдан былай өтпесе, ағынды жабыңыз.
MEETINGS_OVERLAP = Ағынның екі сабағы бір уақытта өтер еді: { $weekday }, { $from } – { $to }{ $weeks ->
    [every] {""}
   *[other] , апталар: { $weeks }
}.
STREAM_GROUP_TAKEN = Бұл пәннің осы оқу кезеңінде «{ $component }» түріндегі «{ $group }» ағыны бар.
MEETING_ENDS_BEFORE_IT_STARTS = Сабақ { $starts_at } басталғаннан кейін емес, { $ends_at } аяқталар еді.

## Регламенттер
REGULATION_VERSION_TAKEN = { $version } нұсқасы жарияланған, ал нұсқалар өзгермейді.
SCALE_HAS_GAPS = Шкаланың жолдары ең жоғары бағадан 0 пайызға дейін төмендеуі керек.
LOWEST_GRADE_PASSES = Шкаланың соңғы жолы қанағаттанарлықсыз болуы керек.
LETTER_TWICE = { $letter } әрпі шкалада екі рет тұр.
WEIGHTS_DO_NOT_ADD_UP = Салмақтардың қосындысы 100 пайыз емес: { $part ->
    [admission] рұқсат беру рейтингі (бірінші және екінші кезең)
    [rating] рейтинг (ағымдағы және аралық бақылау)
    [final_grade] қорытынды баға (рейтинг пен емтихан)
   *[other] { $part }
}.
REGULATION_MISSING = Оқу кезеңінің бірінші күні ешбір регламент күшінде емес.

## Жеке оқу жоспарлары
IEP_UNKNOWN = Мұндай жоспар жоқ.
SUBJECT_IN_PLAN = Пән жоспарда бар.
SUBJECT_NOT_IN_PLAN = Пән жоспарда жоқ.
IEP_CHANGED = Жоспардағы пәндер өзгерді, ал бұл пән солардың біріне байланысты: қайталап көріңіз.
IEP_STREAMS_CHANGED = Кестеде басқа кезеңнің ағындары пайда болды, таңдау олармен салыстырылмаған: қайталап көріңіз.
TERM_NOT_IN_YEAR = Бұл оқу кезеңі жоспардың оқу жылына жатпайды.
CREDITS_OVER_LIMIT = Тағы { $subject } кредит қосылса, кезеңнің шегінен асады: жоспарланғаны { $planned }, шегі { $limit }.
YEAR_CREDITS_OVER_LIMIT = Тағы { $subject } кредит қосылса, жылдың шегінен асады: жоспарланғаны { $planned }, шегі { $limit }.
REGISTRATION_CLOSED = Тіркеу мына уақытта ашық: { $opens_at } – { $closes_at }; қазір { $now }.
REGISTRATION_NOT_SCHEDULED = Бұл оқу кезеңіне тіркеу мерзімі белгіленбеген.
IEP_IS_SIGNED = Жоспарға қол қойылған (соңғы болып { $signed_by ->
    [student] студент
    [advisor] эдвайзер
    [registrar] тіркеуші
   *[other] { $signed_by }
} қол қойды): пәндер тек add/drop кезеңінде, жоспар қайтарылғаннан кейін немесе тіркеуші арқылы өзгереді.
IEP_REVISION_IS_OLD = Жоспар өзгерді: ең жаңа редакция - { $newest }, { $revision } емес. Алдымен соны оқыңыз.
IEP_IS_EMPTY = Бос жоспарға қол қоюға болмайды.
ADVISOR_MISSING = Жоспар эдвайзердің қолын күтеді, ал студенттің эдвайзері жоқ: алдымен эдвайзер тағайындаңыз.
SIGNATURE_OUT_OF_ORDER = Жоспарға алдымен { $waits_for ->
    [student] студент
    [advisor] эдвайзер
    [registrar] тіркеуші
   *[other] { $waits_for }
} қол қоюы керек.
SIGNED_ALREADY = Қол қойылған: { $role ->
    [student] студент
    [advisor] эдвайзер
    [registrar] тіркеуші
   *[other] { $role }
}.
NOT_A_SIGNER = Жоспарға тек студент, оның эдвайзері және тіркеуші қол қояды.
IEP_NOT_SIGNED_YET = Әлі ешкім қол қоймаған жоспарды қайтаруға болмайды.
STREAMS_CLASH = { $meeting } мынамен бір уақытта: { $clashes } (ортақ уақыты: { $from } – { $to }{ $weeks ->
    [every] {""}
   *[other] , апталар: { $weeks }
}).
MEETINGS_CHANGED = Осы арада ағын сабақтарының уақыты өзгерді: қайта қараңыз.
SEATS_CHANGED = Осы арада ағын құрамы өзгерді: қайта қараңыз.
TEACHER_TWICE_AT_ONCE = { $teacher }: { $meeting } мынамен бір уақытта: { $clashes } (ортақ уақыты: { $from } – { $to }{ $weeks ->
    [every] {""}
   *[other] , апталар: { $weeks }
}).
ROOM_TWICE_AT_ONCE = { $room } аудиториясы: { $meeting } мынамен бір уақытта: { $clashes } (ортақ уақыты: { $from } – { $to }{ $weeks ->
    [every] {""}
   *[other] , апталар: { $weeks }
}).
STUDENT_STREAMS_CLASH = { $student }: { $meeting } мынамен бір уақытта: { $clashes } (ортақ уақыты: { $from } – { $to }{ $weeks ->
    [every] {""}
   *[other] , апталар: { $weeks }
}).
CHOOSING_STREAMS_CLOSED = Ағындар күнтізбедегі ағындарды таңдау кезеңінде немесе add/drop кезінде таңдалады; { $opens_at ->
    [none] қазір екеуі де емес
   *[other] уақыты: { $opens_at } – { $closes_at }, ал қазір { $now }
}.
SEAT_KEPT = { $subject } ({ $group }) ағынындағы орын бос емес күйде қалды: оны басқа біреу алуы үшін тіркеуді алып тастаңыз немесе орынды босатыңыз.
PARENT_UNSUITABLE = Негізгі ағын сол пәннің, сол кезең мен конфигурацияның, бірақ басқа сабақ түрінің ағыны болуы керек.
SIGNATURE_SENT_BACK = Редакция қайтарылған.
SIGNATURE_SUPERSEDED = Бұл редакцияның орнына жаңасы келді.
SIGNATURE_DIGEST_DIFFERS = Бақылау қосындысы қол қойылған байттарға сәйкес келмейді.

## Тіркеулер, балдар және бағалар
ENROLLMENT_UNKNOWN = Мұндай тіркеу жоқ.
ENROLLMENT_DROPPED = Бұл тіркеуден бас тартылған.
REGISTERED_ALREADY = Студент бұл оқу кезеңінде { $code } пәніне тіркелген.
SUBJECT_IN_PROGRESS = { $code } студенттің жоспарында бар, бірақ бағасы әлі жоқ.
SUBJECT_PASSED_ALREADY = { $code } тапсырылған; оң бағаны қайта тапсыруға болмайды.
RETAKE_DUE = { $code } емтиханын қайта тапсыруға болады: ол жаңа тіркеуден бұрын келеді.
PREREQUISITES_MISSING = Алдымен мыналарды тапсыру керек: { $missing }.
SUBJECT_NOT_OFFERED = { $code } бұл оқу кезеңінде оқытылмайды.
ENROLLMENT_HAS_MARKS = Балы бар тіркеуден бас тартуға болмайды (бірінші балы: { $first ->
    [current] ағымдағы бақылау
    [practice] практикалық сабақ
    [laboratory] зертханалық жұмыс
    [self_work] өзіндік жұмыс
    [midterm] аралық бақылау
    [rating] рейтинг
    [exam] емтихан
    [retake] қайта тапсыру
   *[other] { $first }
}).
GRADED_ALREADY = Тіркеудің қорытынды бағасы бар: { $grade }.
STREAM_OF_ANOTHER_COMPONENT = Жаңа ағынның түрі – «{ $wanted }», ал оның орнына берілетін ағынның түрі – «{ $component }».
STREAM_OF_ANOTHER_SUBJECT = Бұл ағын осы оқу кезеңіндегі { $code } пәніне жатпайды.
STREAM_HELD = Студент бұл ағында бар.
STREAM_NOT_HELD = Студент бұл ағында жоқ.
STREAMS_CHANGED = Студенттің ағындары осы арада өзгерді: оларды қайта оқыңыз.
STREAM_CONFIGURATION_MIXED = Ағын { $asked } конфигурациясына жатады, ал таңдалғандары - { $chosen } конфигурациясына.
STREAM_COMPONENT_TWICE = { $component } түрінен екі емес, бір ағын алынады.
PARENT_STREAM_NOT_CHOSEN = Ағынды тек мынамен бірге таңдауға болады: { $stream }.
CHILD_STREAM_HELD = Студенттің мына ағынына бас тартылатын ағын қажет: { $stream }.
PERCENT_OUT_OF_RANGE = Пайыз 0-ден 100-ге дейін болады, { $percent } емес.
WEIGHT_OUT_OF_RANGE = Салмақ 0-ден көп және 100-ден аспайды, { $weight } емес.
DAY_IN_FUTURE = { $day } әлі келген жоқ: бүгін { $today }.
RATING_PERIOD_NEEDED = Бұл түрдегі бал ({ $kind ->
    [current] ағымдағы бақылау
    [practice] практикалық сабақ
    [laboratory] зертханалық жұмыс
    [self_work] өзіндік жұмыс
    [midterm] аралық бақылау
    [rating] рейтинг
   *[other] { $kind }
}) 1 немесе 2 рейтинг кезеңіне жатады.
RATING_PERIOD_NOT_FOR_EXAM = { $kind ->
    [exam] Емтихан
    [retake] Қайта тапсыру
   *[other] { $kind }
} ешбір рейтинг кезеңіне жатпайды.
RATING_PERIOD_OUT_OF_RANGE = Рейтинг кезеңі 1 немесе 2 болады, { $period } емес.
RATINGS_ARE_COMPUTED = { $regulation } регламенті рейтингтерді балдардан есептейді.
RATING_MISSING = { $period } рейтингі жоқ, ал емтиханға дейін екеуі де керек.
NOT_ADMITTED = Рұқсат беру рейтингі { $rating }, ал емтиханға { $needed } керек.
ADMITTED_TO_EXAM = Рұқсат беру рейтингі { $rating }: { $needed } болса, студент емтиханға жіберіледі.
NOT_GRADED_YET = Қорытынды баға әлі жоқ.
NO_RETAKE = { $grade } бағасы қайта тапсыруға құқық бермейді.
OUTSIDE_MARK_UNKNOWN = Регламентте GPA-дан тыс { $letter } белгісі жоқ.

## Силлабустар
MEETING_WEEK_OUT_OF_RANGE = Оқу кезеңіндегі апта саны: { $weeks }; онда { $week }-апта жоқ.
SYLLABUS_WEEK_OUT_OF_RANGE = Оқу кезеңіндегі апта саны: { $weeks }; онда { $week }-апта жоқ.
SYLLABUS_CLASSES_TOO_MANY = Аптада { $most } сабақтан артық болмайды; мұнда { $classes }.
SYLLABUS_SOURCES_TOO_MANY = Сабақта сілтемелер мен әдебиеттер қосылып { $most } санынан аспайды; мұнда { $links } сілтеме, { $references } әдебиет.
SYLLABUS_LINK_UNFIT = Сілтеме http:// немесе https:// белгісінен және сайттың атынан басталады; мынау олай емес: { $address }
SYLLABUS_CLASS_UNKNOWN = Мұнда { $class } нөмірлі сабақ жоқ.
SYLLABUS_CLASS_TWICE = { $class } нөмірлі сабақ аптада екі рет аталған.
SYLLABUS_CLASS_HAS_FILES = { $class } нөмірлі сабақтың файлдары әлі бар ({ $files }): алдымен оларды алып тастаңыз.
SYLLABUS_FILES_TOO_MANY = Сабақта { $most } файлдан артық болмайды, ал { $class } нөмірлі сабақта сонша файл бар.
SYLLABUS_FILE_UNKNOWN = Силлабуста мұндай файл жоқ.

## Интерфейстің өзі
NOT_FOUND = Мұндай идентификатормен ештеңе жоқ.
ID_MALFORMED = Бұл идентификатор емес.
TEXT_EMPTY = { $field ->
    [reason] Себебін жазу керек.
   *[other] Мұнда мәтін керек, бірақ ештеңе жазылмаған.
}
TEXT_TOO_LONG = Мәтінде { $length } таңба бар; { $most } таңбадан аспауы керек.
TEXT_HAS_CONTROL_CHARACTERS = Мәтінде басқару таңбалары бар.
NUMBER_OUT_OF_RANGE = Сан рұқсат етілген шектен тыс: { $least } – { $most } аралығында болуы керек.
NAMED_TWICE = Бұл тізімде екі рет көрсетілген: бір рет жеткілікті.
TOO_MANY_AT_ONCE = Бір жолы ең көбі { $most }, сіз { $asked } сұрадыңыз.
TRY_AGAIN = Бұл қазір орындалмады немесе орындалғаны белгісіз. Сол idempotencyKey кілтімен қайта сұраңыз: ештеңе екі рет жасалмайды.
NOT_YOURS = Бұған сіздің билігіңіз жүрмейді.
IDEMPOTENCY_KEY_REUSED = Бұл идемпотенттік кілті басқа сұрауға қолданылған.
LOGIN_TAKEN = Бұл логин бос емес.
IIN_TAKEN = Бұл ЖСН басқа адамда көрсетілген.
EXTERNAL_ID_TAKEN = Бұл сыртқы идентификатор басқа адамда көрсетілген.
SIGN_IN_FAILED = Логин немесе құпиясөз қате.
SIGN_IN_SLOWED = Сәтсіз кіру әрекеті тым көп: { $seconds } секундтан кейін қайталаңыз.
PASSWORD_WRONG = Қазіргі құпиясөз қате.
PASSWORD_TOO_SHORT = Құпиясөзде кемінде { $least } таңба болуы керек.
PASSWORD_TOO_LONG = Құпиясөз { $most } таңбадан аспауы керек.
ACCESS_INVALID = Бір реттік рұқсат белгісіз, қолданылған немесе мерзімі өткен.
LOGIN_MISSING = Бұл адамның логині әлі жоқ: логинді көрсетіңіз.

## Тестілер
TEST_UNKNOWN = Мұндай тест жоқ.
TEST_EXISTS = Бұл тест жоспарланған.
TEST_MOVED = Тест өз пәні мен оқу кезеңінде қалады.
TEST_WINDOW_IS_EMPTY = Тест { $opens_at } ашылғаннан кейін емес, { $closes_at } жабылар еді.
TEST_MINUTES_OUT_OF_RANGE = Талпыныс кемінде 1, ең көбі { $most } минутқа созылады, { $minutes } емес.
TEST_ATTEMPTS_OUT_OF_RANGE = Тестің кемінде 1, ең көбі { $most } талпынысы болады, { $attempts } емес.
TEST_PERIOD_UNFIT = Бұл түрдегі бал ({ $kind ->
    [current] ағымдағы бақылау
    [practice] практикалық сабақ
    [laboratory] зертханалық жұмыс
    [self_work] өзіндік жұмыс
    [midterm] аралық бақылау
    [rating] рейтинг
    [exam] емтихан
    [retake] қайта тапсыру
   *[other] { $kind }
}) бұл рейтинг кезеңіне жатпайды.
TEST_NO_QUESTIONS = Тесте кемінде бір сұрақ болуы керек.
TEST_DRAWS_TOO_MANY = Талпыныста { $drawn } сұрақ бола алмайды: барлығы { $questions }.
TEST_QUESTION_NO_POINTS = { $number }-сұрақтың балы жоқ.
TEST_QUESTION_OPTIONS_TOO_FEW = { $number }-сұрақта екіден аз нұсқа бар.
TEST_QUESTION_TWICE = { $number }-сұрақ немесе оның нұсқасы қайталанады.
TEST_QUESTION_NO_RIGHT_ANSWER = Сұраққа дұрыс жауап беру мүмкін емес: бір таңдауда бір дұрыс нұсқа, көп таңдауда кемінде біреу болуы керек.
TEST_NOT_ATTEMPTED = Сіз бұл тесті әлі тапсырып көрген жоқсыз.
ATTEMPT_UNKNOWN = Мұндай талпыныс жоқ.
TEST_NOT_STUDYING = Тесті тек қазір оқып жүргендер тапсырады; сіздің жағдайыңыз: { $status ->
    [applicant] талапкер
    [studying] оқып жүрсіз
    [on_leave] академиялық демалыс
    [expelled] оқудан шығарылған
    [graduated] оқуды бітірген
   *[other] { $status }
}.
TEST_NOT_ADMITTED = Сіз бұл емтиханға жіберілмедіңіз: рұқсат беру рейтингіңіз { $rating }.
TEST_NOTHING_TO_RETAKE = Бұл пәннен қайта тапсыруға болатын баға жоқ.
TEST_NOT_REGISTERED = Сіз бұл тестің пәніне тіркелмегенсіз.
TEST_NOT_OPEN = Тест мына уақытта ашық: { $opens_at } – { $closes_at }; қазір { $now }.
TEST_RATING_TOO_LOW = { $needed } рұқсат беру рейтингі керек; сізде { $rating }.
TEST_SUBJECT_GRADED = Пәннің қорытынды бағасы бар: { $grade }.
ATTEMPT_RUNS = { $number }-талпыныс әлі жүріп жатыр.
TEST_PASSED_ALREADY = Сіз бұл тесті тапсырғансыз.
ATTEMPTS_USED_UP = Барлық талпыныс ({ $allowed }) пайдаланылған.
TEST_CONCLUDED = Бұл тестің нәтижесі түпкілікті.
ATTEMPT_OVER = Талпыныс аяқталған.
ATTEMPT_TIME_IS_UP = Талпыныс { $ends_at } аяқталды; қазір { $now }.
ATTEMPT_NOT_PROCTORED = Бұл талпынысты ешкім бақыламайды: бетті жапқанмен, ол аяқталмайды.
QUESTION_NOT_DRAWN = Бұл талпыныста ондай сұрақ жоқ.
ONE_OPTION_ASKED = Бір нұсқа керек, { $given } көрсетілген.
OPTION_NOT_OFFERED = Сұрақта мұндай нұсқа жоқ.
ANSWER_KIND_WRONG = Бұл сұраққа басқаша жауап беріледі.
ANSWER_SEQUENCE_TAKEN = { $sequence } нөмірімен басқа жауап келген: тест екі терезеде ашық па?

## Файлдар
FILE_NOT_SENT = Сұрауда мұндай файл жоқ: файлдар құрама (multipart) сұраумен жіберіледі.
FILE_EMPTY = Файл бос.
FILE_TOO_LARGE = Файл { $most } байттан үлкен.
FILE_KIND_NOT_TAKEN = Тек PDF, DOCX, PNG және JPEG файлдары қабылданады; маңыздысы - файлдың аты емес, мазмұны.
FILE_NAME_UNSAFE = Файл аты мұндай бола алмайды: ол жоқ, ішінде жол немесе көрінбейтін таңбалар бар.
FILE_NAME_TOO_LONG = Файл аты { $most } байттан ұзын.
FILE_USED = Файл қолданылған немесе тым ұзақ күтіп, жойылған: оны қайта жіберіңіз.
FILE_BROKE_OFF = Файлды жіберу үзілді немесе тым ұзаққа созылды.

## Жұмыстар
THESIS_UNKNOWN = Мұндай жұмыс жоқ.
THESIS_EXISTS = Бұл жұмыс ашылған.
THESIS_RULES_MISSING = Күшіндегі регламент бұл түрдегі жұмыстар туралы ештеңе айтпайды ({ $kind ->
    [coursework] курстық жұмыс
    [diploma] дипломдық жұмыс
    [dissertation] диссертация
   *[other] { $kind }
}).
THESIS_CONCLUDED = Жұмыс есептелді немесе есептелмеді: одан әрі ештеңе жоқ.
THESIS_UNDER_CHECK = { $attempt }-талпыныс тексеріліп жатыр немесе шешімін күтуде.
THESIS_DOCUMENT_NOT_ASKED = Бұл түрдегі құжат талап етілмейді ({ $kind ->
    [title_page] титул парағы
    [assignment] тапсырма
    [abstract] аңдатпа
    [supervisor_review] жетекші пікірі
    [review] рецензия
    [appendices] қосымшалар
   *[other] { $kind }
}).
THESIS_TITLE_PAGE_ONE_FILE = Титул парағы - бір файл; алдымен бұрынғысын алып тастаңыз.
THESIS_DOCUMENT_UNKNOWN = Мұндай құжат жоқ.
THESIS_TOO_MANY_FILES = Бір жұмыспен { $most } файлдан артық тапсырылмайды.
THESIS_WORK_NOT_TEXT = Жұмыс { $kind } емес, PDF немесе DOCX түрінде тапсырылады.
THESIS_NO_ATTEMPT_OPEN = Ашық талпыныс жоқ: келесісін жетекшіңіз немесе қызметкер ашады.
THESIS_ATTEMPT_OPEN = { $attempt }-талпыныс ашық.
THESIS_ALLOWANCE_TOO_LOW = Тегін талпыныстың { $free_used }, ақылысының { $paid_used } пайдаланылған; кемінде біреуі қалуы керек.
THESIS_ALLOWANCE_TOO_HIGH = Әр түрдегі талпыныс { $most } санынан аспайды.
THESIS_PAYMENT_DUE = Алдымен { $attempt }-талпынысты төлеу керек.
THESIS_ATTEMPT_IS_FREE = { $attempt }-талпыныс тегін: төлейтін ештеңе жоқ.
THESIS_RECEIPT_MISSING = { $attempt }-талпыныстың түбіртегі әлі жүктелмеген.
THESIS_PAID_ALREADY = { $attempt }-талпыныс төленген.
THESIS_WORK_MISSING = { $attempt }-талпынысқа жұмыс әлі жүктелмеген.
THESIS_DOCUMENTS_MISSING = Барлық құжатсыз тексеру мүмкін емес; жетіспейтіні: { $missing }.
THESIS_ATTEMPT_UNKNOWN = { $attempt }-талпыныс жоқ.
THESIS_ATTEMPT_NOT_NEWEST = { $attempt }-талпыныс енді ең жаңасы емес; ең жаңасы - { $newest }.
THESIS_NO_REPORT = { $attempt }-талпыныстың есебі әлі жоқ.
THESIS_DECIDED_ALREADY = { $attempt }-талпыныс бойынша шешім қабылданған.
THESIS_BELOW_THRESHOLD = Түпнұсқалық { $originality }, ол { $threshold } шегінен төмен.
THESIS_REASON_MISSING = Түпнұсқалық { $originality }, ол { $threshold } шегіне жетеді: жұмыстың неге есептелмейтінін жазыңыз.

## Бағдарламалар және олардың оқу жоспарлары
PROGRAMME_UNKNOWN = Мұндай бағдарлама жоқ.
PROGRAMME_EXISTS = { $code } коды бар бағдарлама бар.
ADMISSION_YEAR_OUT_OF_RANGE = Түскен жыл 1900-ден 2200-ге дейін болады, { $year } емес.
CURRICULUM_SIZE_OUT_OF_RANGE = Оқу жоспарында кемінде 1, ең көбі { $most } пән болады, { $subjects } емес.
SUBJECT_TWICE_IN_CURRICULUM = Пән оқу жоспарында екі рет емес, бір рет тұрады: { $subject }.
STUDY_TERM_OUT_OF_RANGE = Оқу семестрі 1-ден 20-ға дейін болады, { $term } емес.
GROUP_TWICE_IN_CURRICULUM = Екі топтың аты бірдей: { $group }.
GROUP_CHOICE_IMPOSSIBLE = «{ $group }» тобында { $of } пәннен { $choose } пән таңдауға болмайды.
GROUP_CREDITS_IMPOSSIBLE = «{ $group }» тобында кемінде { $from }, ең көбі { $to } кредит жинау мүмкін емес: пәндерінде { $of } кредит бар.
GROUP_CHOICE_UNCLEAR = Топ не пәндерді (chooseSubjects), не кредиттерді (creditsFrom, creditsTo) санайды.

## Пән не талап етеді
SUBJECT_ASKS_FOR_ITSELF = Пән өзін өзі талап ете алмайды.
REQUIREMENT_UNMEETABLE = Мұны ешкім ешқашан орындай алмас еді: { $requirement }.
PREREQUISITE_CYCLE = Бұл пәндерді ешкім ешқашан ала алмас еді, әрқайсысы келесісін күтеді: { $cycle }.
REQUIREMENTS_CHANGED = Осы арада байланысты пәннің талаптары өзгерді: қайта қараңыз.
REQUIREMENT_TOO_LARGE = Талапта { $most_parts } бөліктен және { $most_depth } деңгейден артық болмайды; мұнда { $parts } бөлік, { $depth } деңгей.
REQUIREMENT_IS_EMPTY = Жоқтан таңдау орындалмайды: нелердің кемінде бірі орындалуы керек екенін көрсетіңіз.
REQUIREMENT_UNMET = Пән студентте жоқ нәрсені талап етеді: { $requirement }.
COREQUISITE_MISSING = Бұл пән { $with } пәнімен бір кезеңде алынады: алдымен соған тіркеліңіз.
PREREQUISITE_GIVEN_UP = { $subject } жоспарда бар, бірақ оның пререквизиті { $prerequisite } пәнінен бас тартылған.
GROUP_IS_FULL = «{ $group }» тобынан таңдауға болатын пәндер саны: { $choose }; басқаларынан таңдалғаны немесе сұралғаны: { $chosen }.
GROUP_CREDITS_OVER_LIMIT = Тағы { $subject } кредит қосылса, «{ $group }» тобының шегінен асады: таңдалғаны { $chosen }, шегі { $limit }.
APPROVAL_UNKNOWN = Пән студентке мақұлданбаған.
PROGRAMME_HEAD_MISSING = «{ $programme }» бағдарламасының мұны мақұлдайтын жетекшісі жоқ: тіркеушіге жүгініңіз.
APPROVAL_NOT_NEEDED = Пән бағдарлама жетекшісінің мақұлдауын талап етпейді.
APPROVAL_WITHDRAWN = { $subject } жоспарда бар, бірақ мақұлдау қайтарып алынды.
COREQUISITE_GIVEN_UP = { $subject } жоспарда бар, бірақ онымен бірге оқылатын { $corequisite } пәнінен бас тартылған.
PREREQUISITE_FAILED = { $subject } жоспарда бар, бірақ оның пререквизиті { $prerequisite } тапсырылмаған.
SUBJECTS_EXCLUDE = Бұл пәнді { $with } пәнімен бір кезеңде алуға болмайды.
YEAR_OF_STUDY_TOO_LOW = Пән { $least }-курстан бастап оқылады; { $year_of_study ->
    [none] студенттің курсы белгісіз
   *[other] студент { $year_of_study }-курста
}.
CREDITS_TOO_FEW = Пән { $least } жиналған кредитті талап етеді; студентте { $gathered }.
PROGRAMME_NOT_FITTING = Пән басқа бағдарламаның студенттеріне арналған: { $code }.
GROUP_NOT_FITTING = Пән { $asked } тобына арналған; { $group ->
    [none] студенттің тобы белгісіз
   *[other] студент { $group } тобында
}.
APPROVAL_MISSING = Алдымен пәнді студентке бағдарлама жетекшісі мақұлдауы керек.

## Тыйымдар және ерекше рұқсаттар
HOLD_UNKNOWN = Студентте мұндай тыйым жоқ немесе ол алынған.
REGISTRATION_HELD = Тыйым алынбайынша, студент тіркеле алмайды: { $hold ->
    [debt] қарыз
    [library] кітапхана
    [discipline] тәртіптік жаза
   *[other] { $hold }
}.
OVERRIDE_NOT_NEEDED = Бұл тіркеуге кедергі емес, сондықтан ерекше рұқсат қажет емес: { $reason ->
    [none] себебі көрсетілмеген
    [PREREQUISITES_MISSING] тапсырылмаған пререквизиттер
    [COREQUISITE_MISSING] бірге оқылатын пән
    [SUBJECTS_EXCLUDE] үйлеспейтін пән
    [YEAR_OF_STUDY_TOO_LOW] оқу курсы
    [CREDITS_TOO_FEW] жиналған кредиттің аздығы
    [PROGRAMME_NOT_FITTING] бағдарлама
    [GROUP_NOT_FITTING] топ
    [APPROVAL_MISSING] мақұлдаудың жоқтығы
    [REQUIREMENT_UNMET] орындалмаған талап
    [GROUP_IS_FULL] таңдау тобындағы пәндер саны
    [GROUP_CREDITS_OVER_LIMIT] таңдау тобының кредиттері
    [REGISTRATION_HELD] тыйым
    [SUBJECT_NOT_OFFERED] пәннің оқытылмауы
    [CREDITS_OVER_LIMIT] кезең кредиттері
    [YEAR_CREDITS_OVER_LIMIT] жыл кредиттері
   *[other] { $reason }
}.

## Күнтізбе және кесте
PERIOD_UNKNOWN = Оқу кезеңінің күнтізбесінде мұндай кезең жоқ.
PERIOD_UNTITLED = Түрі белгіленбеген кезеңге атау керек.
PERIOD_KIND_REGISTRATION = Тіркеу
PERIOD_KIND_CHOOSING_STREAMS = Ағындарды таңдау
PERIOD_KIND_ADD_DROP = Add/drop
PERIOD_KIND_STUDY = Оқу
PERIOD_KIND_CONTROLS = Бақылау
PERIOD_KIND_EXAMS = Емтихандар
PERIOD_KIND_HOLIDAYS = Демалыс және мерекелер
PERIOD_KIND_OTHER = Іс-шара
SITTING_KIND_EXAM = Емтихан
SITTING_KIND_CONTROL = Бақылау
SITTING_KIND_CONSULTATION = Кеңес
SITTING_TOO_LONG = { $starts_at } – { $ends_at } тым ұзақ: емтихан, бақылау және кеңес { $most_hours } сағаттан аспайды.
SITTING_OUTSIDE_TERM = { $starts_at } – { $ends_at } оқу кезеңінен тыс; ол емтихандарымен бірге: { $opens_at } – { $closes_at }.
SITTING_IN_THE_PAST = { $starts_at } – { $ends_at } уақыты өтіп кеткен; қазіргі уақыт: { $now }.
SITTINGS_AT_ONCE = Бұл уақытта ағынның { $students } студентінде басқа { $kind ->
    [exam] емтихан
    [control] бақылау
   *[consultation] кеңес
} бар: { $subject } ({ $group }), { $from } – { $to }.
CLASS_AT_ONCE = Бұл уақытта ағынның { $students } студентінде сабақ бар: { $subject } ({ $group }), { $from } – { $to }.
ON_HOLIDAY = Бұл уақыт демалысқа түседі: { $title }, { $from } – { $to }.
ROOM_TAKEN = Бұл уақытта { $room } аудиториясы бос емес: { $subject } ({ $group }), { $kind ->
    [exam] емтихан
    [control] бақылау
    [consultation] кеңес
   *[class] сабақ
}, { $from } – { $to }.
TEACHER_ELSEWHERE = Оқытушының бұл уақытта басқа ісі бар: { $teacher } – { $subject } ({ $group }), { $kind ->
    [exam] емтихан
    [control] бақылау
    [consultation] кеңес
   *[class] сабақ
}, { $from } – { $to }.
SITTINGS_OUTSIDE = { $subject } ({ $group }), { $kind ->
    [exam] емтихан ({ $starts_at } – { $ends_at }) енді емтихан немесе оқу кезеңінен тыс
    [control] бақылау ({ $starts_at } – { $ends_at }) енді оқу кезеңінен тыс
   *[consultation] кеңес ({ $starts_at } – { $ends_at }) енді оқу кезеңінен тыс
}; ол: { $opens_at } – { $closes_at }. Мұндайлардың саны: { $count }.
CLASSES_OUTSIDE = { $meeting } ({ $group }), апталар: { $weeks } – бұл оқу кезеңінің күндеріне түспейді; ол: { $starts_on } – { $ends_on }. Мұндай сабақтардың саны: { $count }.
STREAMS_AT_ONCE = { $students } студентте { $meeting } мынамен бір уақытта: { $clashes } (ортақ уақыты: { $from } – { $to }{ $weeks ->
    [every] {""}
   *[other] , апталар: { $weeks }
}).
EXAM_OUTSIDE_EXAMS = { $starts_at } – { $ends_at } емтихан кезеңінен тыс; ол: { $opens_at } – { $closes_at }.
LINE_PASSED = Кезекте артта тұрған біреуге сақталған орын қалар еді: алдымен кезектің соңында тұрғандарды атаңыз.
SITTING_IS_EMPTY = Аяқталуы ({ $ends_at }) басталуынан ({ $starts_at }) кеш емес.
SITTINGS_TOO_MANY = Ағында емтихан, бақылау және кеңес саны { $most } болды, бұдан артық болмайды.
SITTING_UNKNOWN = Ағында мұндай емтихан, бақылау немесе кеңес жоқ.
TIMETABLE = Сабақ кестесі
CALENDAR_LINKS_TOO_MANY = Кестеңізге { $most } сілтеме бар: алдымен біреуін қайтарып алыңыз.

## Ағындардың орындары
SEATS_RESERVED = Бос орындар ({ $free }) басқаларға қалдырылған: { $kept }.
SEATS_KEPT = { $programme ->
    [any] кез келген бағдарлама
   *[other] { $programme } бағдарламасы
}{ $year ->
    [any] {""}
   *[other] , { $year }-курс
}: { $seats } орын, { $until } уақытына дейін
STREAM_WITHOUT_LIMIT = Орын шегі жоқ ағында қалдыратын орын жоқ.
RESERVED_FOR_ALL = Орын бағдарламаға, курсқа немесе екеуіне бірге сақталады: кімге екенін көрсетіңіз.
RESERVED_BEYOND_LIMIT = { $limit } орыннан { $reserved } орын қалдырылар еді.
RESERVED_UNTIL_PAST = Орын қалдыру мерзімі өтіп кеткен: { $until }.
ONLINE_LINK_UNFIT = Онлайн сабақтың мекенжайы веб-сілтеме болуы керек (https://…): { $address } жарамайды.
LIMIT_BELOW_RESERVED = Бос емес орын: { $taken }, ұсынылғаны: { $held }, арнайы сақталғаны: { $reserved }; барлығы { $limit } орын жетпейді.
LIMIT_BELOW_SEATS = { $taken } орын алынған және { $held } орын кезекке сақталған, бұл { $limit } санынан көп: кім шығатынын көрсетіңіз.
SEATS_TAKEN = Ағында студенттердің орны бар ({ $taken }) және кезектегілерге сақталған орын бар ({ $held }): кім шығатынын көрсетіңіз.
LEAVING_NEEDLESS = Шығады деп { $named } студент көрсетілді, ал сыймайтыны - { $needed }. Алынған орын: { $taken }, кезекке сақталғаны: { $held }, арнайы сақталғаны: { $reserved }. Шығуы қажет емес студентті көрсетпеңіз.
STREAM_CLOSED = Ағын жабылған.
STREAM_LISTED_ALREADY = Ағын бұл пәнде тізімде бар.
ROOMS_MISCOUNTED = Сабақ саны { $meetings }, ал бөлме саны { $rooms }: әрқайсысына біреуден көрсетіңіз немесе ешқайсысына көрсетпеңіз.

## Құжаттар
IEP_PAPER_NOT_READY = Құжат әзір емес: бұл редакцияға әлі бәрі қол қойған жоқ.
FORBIDDEN = Рөліңіз бұған рұқсат бермейді.
PAPER_IEP = Жеке оқу жоспары
PAPER_STUDENT = Студент
PAPER_PROGRAMME = Білім беру бағдарламасы
PAPER_ADMITTED = Оқуға түскен жылы
PAPER_ADVISOR = Эдвайзер
PAPER_YEAR = Оқу жылы
PAPER_REVISION = Редакция
PAPER_CREDITS_IN_ALL = Барлық кредит саны
PAPER_CODE = Коды
PAPER_SUBJECT = Пән
PAPER_CREDITS = Кредит
PAPER_TOTAL = Барлығы
PAPER_SIGNATURES = Қолтаңбалар
PAPER_ROLE = Рөлі
PAPER_SIGNED_BY = Қол қойған
PAPER_SIGNED_AT = Қол қойылған уақыты
PAPER_DIGEST = SHA-256
PAPER_DIGEST_OF = Барлығы бір мәтінге қол қойды. Оның SHA-256 мәні: { $digest }
PAPER_ROLE_NAME = { $role ->
    [student] Студент
    [advisor] Эдвайзер
    [registrar] Тіркеуші
   *[other] { $role }
}
PAPER_TIME = { $at }
PAPER_ERASED = деректері өшірілген адам
PAPER_CHECK = Құжат әлі жарамды ма?
PAPER_CHECK_HOW = Төмендегі мекенжай (ол QR-кодта да бар) бұл жоспардың ең жаңа жарамды редакциясы ма, соны көрсетеді. Кодты сол бетте қолмен теруге де болады.
PAPER_CHECK_PICTURE = Құжатты тексеретін мекенжай жазылған QR-код
PAPER_IS_VALID = Құжат жоспардың ең жаңа редакциясына сай, барлық қолтаңба күшінде.
PAPER_IS_SUPERSEDED = Құжат енді жарамсыз: { $at } жаңа редакция ашылды; { $ready ->
    [yes] соңғы редакцияға бәрі қол қойған
   *[other] соңғы редакцияға әлі бәрі қол қойған жоқ
}.
PAPER_IS_SENT_BACK = Құжат енді жарамсыз: оның редакциясы { $at } қайтарылды.
PAPER_IS_ERASED = Құжат тіркелген, бірақ иесінің деректері заң берген құқық бойынша өшірілген.
PAPER_IS_BROKEN = Жазба қол қойылған мәтінге сәйкес келмейді: университетке хабарласыңыз.

## Өтініштер
REQUEST_SWAP = Пәнді ауыстыру
REQUEST_GIVE_UP = Пәннен бас тарту
REQUEST_ADD = Пән қосу
REQUEST_CHANGE_STREAM = Ағынды ауыстыру
REQUEST_UNKNOWN = Мұндай өтініш жоқ.
REQUEST_OPEN_ALREADY = Осы пән бойынша өтініш бар, ол шешімді күтіп тұр.
REQUEST_DECIDED_ALREADY = { $status ->
    [withdrawn] Өтініш { $decided_at } кері қайтарып алынған
    [accepted] Өтініш { $decided_at } қабылданған
    [refused] Өтініш { $decided_at } қабылданбаған
   *[other] Өтініш бойынша шешім { $decided_at } шығарылған
}: ол бойынша енді шешім шығарылмайды.
REQUEST_CHANGES_NOTHING = Сұралғаны қазірдің өзінде бар: өзгертетін ештеңе жоқ.
ADD_DROP_CLOSED = Өзгеріс add/drop кезеңінде ({ $opens_at } – { $closes_at }) сұралады; қазір { $now }.
ADD_DROP_NOT_SCHEDULED = Бұл оқу кезеңіне күнтізбеде add/drop белгіленбеген: өзгеріс сұрауға болмайды.

## Жауаптың орнына не айтылады
UNAUTHENTICATED = Алдымен жүйеге кіріңіз.
NOT_FOUND_FILE = Мұндай файл жоқ.
NOT_FOUND_CALENDAR = Мұндай күнтізбе жоқ.
NOT_FOUND_PAPER = Мұндай коды бар құжат жоқ.
BUSY = Кезекте тым көп команда тұр: сәлден кейін қайталаңыз.
BUSY_WITH_SIGN_INS = Жүйеге бір мезгілде тым көп адам кіріп жатыр: сәлден кейін қайталаңыз.
UNAVAILABLE = Дерекқор қазір жауап бере алмайды.
UNAVAILABLE_TO_WRITE = Ештеңе жазылған жоқ: дерекқор қазір жаза алмайды.
UNAVAILABLE_FILES = Файлдар қоймасы қазір қолжетімсіз.
OUTCOME_UNKNOWN = Жазу кезінде байланыс үзілді: әрекет орындалып қойған болуы мүмкін. Сұрауды сол идемпотенттік кілтпен қайталаңыз.
INTERNAL = Біздің тарапымызда қате кетті; толығы сервер журналында.
POSITION_NOT_REACHED = Соңғы өзгерістерді әзірге көрсету мүмкін емес: сәлден кейін қайталаңыз.
POSITION_NOT_IN_LOG = Оқиғалар журналы бұл орынға әлі жеткен жоқ немесе онда мұндай орын жоқ.
SUBSCRIBE_AGAIN = Рөлдеріңіз өзгерді: қайта жазылыңыз.
CHECKS_SLOWED = Белгісіз кодтар тым көп: { $seconds } секундтан кейін қайталаңыз.
INPUT_NO_ID = Бұл идентификатор емес.
INPUT_NO_CURSOR = Бұл осы тізімнің курсоры емес.
INPUT_FIRST_NEGATIVE = `first` мәні теріс бола алмайды.
INPUT_NO_AGGREGATE_TYPE = Агрегаттың мұндай түрі жоқ.
INPUT_NO_EVENT_TYPE = Оқиғаның мұндай түрі жоқ.
INPUT_NO_VIEW = Мұндай көрініс жоқ; барлары: { $known }.
INPUT_KEY_TOO_LONG = Құжаттардың мұндай ұзын кілті болмайды.
INPUT_TWO_TIMES = `asOf` пен `asOfPosition` бірге көрсетілмейді.
INPUT_DAYS_BEYOND = Мұндай күндерді ешбір сағат көрсетпейді.
INPUT_TWO_ENDS = `to` немесе `span` көрсетіңіз, екеуін бірдей емес.
INPUT_ENDS_BEFORE_START = `to` күні `from` күнінен бұрын.
INPUT_TOO_MANY_DAYS = Кесте ең көбі { $most } күнге көрсетіледі.
INPUT_TOO_MANY_TOGETHER = Бірге ең көбі { $most } пән мен { $most } ағын қаралады.
INPUT_NO_LANGUAGE = `lang` мынаның бірі: { $known }.
INPUT_NO_POSITION = Oqu-After-Position тақырыбында журнал орны көрсетілмеген.
INPUT_VARIABLE_MISSING = ${ $variable } айнымалысы жоқ, ал оның мәні болуы керек.
INPUT_FIELD_MISSING = `{ $field }` өрісі көрсетілмеген, ал оның мәні болуы керек.
INPUT_NO_SUCH_VALUE = `{ $field }` үшін `{ $value }` деген мән жоқ.
INPUT_UNREADABLE = Мәндердің бірі өз орнына лайық түрде берілмеген.
QUERY_UNREADABLE = Сұрау оқылмады.
QUERY_UNFIT = Сұрау мұнда сұрауға болатынға сәйкес келмейді.
QUERY_TOO_DEEP = Сұраудың бөліктері бір-біріне тым терең салынған.
QUERY_TOO_COMPLEX = Сұрау бір жолда тым көп дерек сұрайды.
INPUT_HAS_NUL = Мәтінде U+0000 таңбасы бар.
QUERY_OF_SEVERAL_FIELDS = Жазылым тек бір түбірлік өрісті сұрайды.
QUERY_TOO_MANY_ALIASES = Сұрау өрістердің атын { $aliases } рет өзгертеді, ал { $most } рет болады.
BODY_TOO_LARGE = Сұрау денесі { $most } байттан үлкен немесе үзіліп қалды.
BODY_PART_TOO_LARGE = `{ $part }` бөлігі { $most } байттан үлкен.
BODY_NOT_UTF8 = Сұрау денесі UTF-8 емес.
BODY_NOT_JSON = Сұрау денесі application/json пішімінде болуы керек.
BODY_NOT_GRAPHQL = Сұрауды оқу мүмкін емес.
PREFLIGHT_MISSING = Файлдары бар сұрауға GraphQL-Preflight тақырыбы керек.
UPLOAD_TOO_SLOW = Жүктеу тым ұзаққа созылды.
BAD_REQUEST_METHOD = Мутация GET әдісімен сұралмайды: POST әдісімен жіберіңіз.
NOT_ACCEPTABLE = Жауаптар application/graphql-response+json, application/json немесе text/event-stream пішімінде беріледі.
SUBSCRIPTION_NEEDS_STREAM = WebSocket (graphql-transport-ws) арқылы жазылыңыз немесе text/event-stream қабылдаңыз.
ORIGIN_NOT_ALLOWED = Бұл сайттың беттеріне қосылуға болмайды.
TOO_MANY_OPERATIONS = Қосылымда { $most } операция ашық тұр, одан көп болмайды.
TIMED_OUT = Сұрау тым ұзақ орындалды.
FILE_GONE = Файл тіркелген, бірақ қоймада жоқ.
RANGE_NOT_SATISFIABLE = Файлдың көлемі - { $size } байт.

## Мәліметтердегі сөздер
WORD_MONDAY = дүйсенбі
WORD_TUESDAY = сейсенбі
WORD_WEDNESDAY = сәрсенбі
WORD_THURSDAY = бейсенбі
WORD_FRIDAY = жұма
WORD_SATURDAY = сенбі
WORD_SUNDAY = жексенбі
WORD_LECTURE = дәріс
WORD_PRACTICE = практика
WORD_LABORATORY = зертханалық сабақ
WORD_CLASS = сабақ
WORD_SEMINAR = семинар
WORD_TITLE_PAGE = титул парағы
WORD_ASSIGNMENT = тапсырма
WORD_ABSTRACT = аңдатпа
WORD_SUPERVISOR_REVIEW = жетекші пікірі
WORD_REVIEW = рецензия
WORD_APPENDICES = қосымшалар
WORD_ALL = мыналардың бәрі{" "}
WORD_ANY = мыналардың бірі{" "}
WORD_NOT = мынау болмауы керек:{" "}
WORD_PASSED = тапсыру:
WORD_REGISTERED_NOW = сол кезеңде қатар оқу:
WORD_NOT_REGISTERED_WITH = сол кезеңде қатар оқымау:
WORD_YEAR_OF_STUDY_AT_LEAST = курс кемінде
WORD_CREDITS_GATHERED = жинақталған кредит кемінде
WORD_IN_PROGRAMME = бағдарлама
WORD_IN_GROUP = топ
WORD_APPROVED_BY_HEAD = бағдарлама жетекшісінің келісімі

# What an import says of a folder.
IMPORT_CLASS_OVERFULL = оған жазылғандар: { $students }, ал орын саны: { $limit }
IMPORT_CLASSES_CLASH = `{ $user }` бір уақытта өтетін `{ $class }` және `{ $with }` сабақтарына жазылған
IMPORT_AND_MORE = { $reason }; осындай тағы { $more } жағдай бар
IMPORT_EMPTY = бос
IMPORT_NO_DATE = `{ $text }` - күн емес (ЖЖЖЖ-АА-КК)
IMPORT_NO_NUMBER = `{ $text }` - сан емес
IMPORT_TOO_LONG = таңба саны шектен көп, ең көбі: { $most }
IMPORT_CONTROL = басқару таңбасы бар
IMPORT_NO_SESSION_TYPE = `{ $text }` - оқу кезеңінің түрі емес
IMPORT_ENDS_BEFORE_START = соңғы күн ({ $ends_on }) бірінші күннен ({ $starts_on }) бұрын
IMPORT_OTHER_ROLE = { $file } файлында `{ $user }` басқа рөлде
IMPORT_NO_REGULATION = { $day } күні бірде-бір ереже күшінде емес
IMPORT_NO_RESULT = `{ $text }` мыналардың бірі емес: Pass, Distinction, Fail, Withdrawn
IMPORT_NOT_IMPORTED = { $file } файлының { $line }-жолындағы `{ $id }` импортталмады
IMPORT_NOT_THERE = { $file } файлында `{ $id }` жоқ
IMPORT_RANGE_EMPTY = resultValueMin мәнінен үлкен емес
IMPORT_NO_PERCENT = 0 мен 100 аралығында емес
IMPORT_OUTSIDE_RANGE = { $text } тапсырманың балл аралығынан тыс
IMPORT_RESULT_TWICE = бұл студенттің осы тапсырма бойынша нәтижесі { $line }-жолда бар
IMPORT_NO_SCORE_STATUS = `{ $text }` - балл күйі емес
IMPORT_ID_TWICE = `{ $id }` { $line }-жолда бұрыннан бар
IMPORT_NO_STATUS = `{ $text }` - күй емес
IMPORT_NO_PARENT = `{ $text }` - осымен бірге алуға болатын сабақ емес
IMPORT_NO_SEATS = `{ $text }` - орын саны емес
IMPORT_NO_WEEKS = `{ $text }`: әр аптаға бір 0 немесе 1 болуы керек
IMPORT_NEVER_MEETS = ол бірде-бір аптада өтпейді
IMPORT_NO_DAYS = `{ $text }`: дүйсенбіден бастап жеті 0 немесе 1 болуы керек
IMPORT_NO_TIME = `{ $text }` - уақыт емес (СС:ММ)
IMPORT_NO_MINUTES = `{ $text }` - 0-ден үлкен минут саны емес
IMPORT_PAST_MIDNIGHT = басталуы { $starts_at }, ұзақтығы { $minutes } мин: түн ортасынан кейін аяқталар еді
IMPORT_NO_CREDITS = `{ $text }` - кредит саны емес (0-ден үлкен, жүздікке дейін)
IMPORT_QUOTE_OPEN = тырнақша жабылмаған
IMPORT_ROW_TOO_LONG = жол { $most } байттан ұзын
IMPORT_FIELDS = өріс саны: { $fields }, керегі: { $columns }
IMPORT_NOT_UTF8 = UTF-8 емес
IMPORT_HAS_NUL = U+0000 таңбасы бар
IMPORT_ID_TAKEN = бұл идентификатор басқа адамда бар ({ $key })
IMPORT_GRADED_OTHERWISE = тіркелімде басқа қорытынды баға бар; оны тек тіркеуші түзетеді
IMPORT_NO_SUCH_MARK = оқу кезеңінің ережесінде мұндай белгі жоқ: { $refusal }
IMPORT_NOT_ENROLLED = студент осы кезеңде бұл пәннің бірде-бір сабағына жазылмаған
IMPORT_GIVEN_UP = студент тіркелімнен бас тартқан
IMPORT_NO_ROLE = `{ $text }` - рөл емес
IMPORT_NO_BOOLEAN = `{ $text }` true да, false да емес
IMPORT_TOO_MANY_SEATED = ол басқа уақытта өтеді, ал орын алғандар жоспарлары ілесуі үшін тым көп: { $asked }, ең көбі { $most }
IMPORT_FILE_UNUSED = импортталмайды
IMPORT_FILE_UNKNOWN = OneRoster 1.1 құрамында жоқ, еленбеді
IMPORT_HEAD_FILE = файл
IMPORT_HEAD_READ = оқылды
IMPORT_HEAD_IMPORTED = импортталды
IMPORT_HEAD_UNCHANGED = өзгеріссіз
IMPORT_HEAD_REJECTED = қабылданбады
IMPORT_CHECKED = тексерілді, ештеңе жазылмады ({ $seconds } с)
IMPORT_DONE = импортталды ({ $seconds } с)
IMPORT_REJECTED = { $file }, { $line }-жол, { $column }: { $reason }
IMPORT_WARNED = { $file }, { $line }-жол, ескерту: { $reason }
IMPORT_MOVED_CLASHES = ол басқа уақытта өтеді, ал сол уақытта мыналардың жоспарында басқа сабақ бар: { $names }{ $more ->
    [0] {""}
   *[other] ; және тағы { $more } адам
}
