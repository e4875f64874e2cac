# Что говорит отказ, по его коду. Переменные - факты, на которых он основан.

## Учётные записи
ACCOUNT_UNKNOWN = У этого человека нет учётной записи.
ACCOUNT_CLOSED = Учётная запись закрыта.
ROLE_NOT_HELD = У этого человека нет такой роли: { $role ->
    [applicant] абитуриент
    [student] студент
    [teacher] преподаватель
    [advisor] эдвайзер
    [registrar] регистратор
    [proctor] проктор
    [antiplagiat_officer] специалист по антиплагиату
    [moderator] модератор
    [librarian] библиотекарь
    [finance_officer] сотрудник бухгалтерии
    [auditor] аудитор
    [administrator] администратор
   *[other] { $role }
}.
TEACHER_CARD_OF_NO_TEACHER = Карточка преподавателя бывает только у преподавателя.

## Студенты
STUDENT_UNKNOWN = Такого студента нет.
STUDENT_STATUS_FORBIDS = Нынешнее положение студента этого не позволяет: { $status ->
    [applicant] он ещё не зачислен
    [studying] он учится
    [on_leave] он в академическом отпуске
    [expelled] он отчислен
    [graduated] он окончил обучение
   *[other] { $status }
}.
YEAR_OF_STUDY_OUT_OF_RANGE = Курс обучения - от 1 до 10, а не { $year_of_study }.

## Дисциплины
SUBJECT_UNKNOWN = Такой дисциплины нет.
SUBJECT_EXISTS = Дисциплина уже есть в каталоге.
SUBJECT_CODE_TAKEN = В каталоге уже есть дисциплина с кодом { $code }: { $title }.
SUBJECT_NO_CREDITS = У дисциплины должны быть кредиты.
SUBJECT_COMPETENCES_TOO_MANY = У дисциплины не больше { $most ->
    [one] { $most } компетенции
   *[other] { $most } компетенций
}; здесь их { $competences }.
SUBJECT_OWN_PREREQUISITE = Дисциплина не может быть пререквизитом самой себе.

## Академический календарь
TERM_UNKNOWN = Такого учебного периода нет.
TERM_EXISTS = В календаре уже есть учебный период «{ $title }» с { $starts_on } по { $ends_on }.
TERM_ENDS_BEFORE_IT_STARTS = Учебный период закончился бы { $ends_on }, раньше, чем начнётся: { $starts_on }.
AUDIENCE_EMPTY = Не указано, для кого этот период. Если он для всех, не указывайте аудиторию.
AUDIENCE_IS_NOBODY = Период установлен, но никто из тех, кто сейчас учится, в его аудиторию не входит: проверьте, нет ли опечатки.
PERIOD_IS_EMPTY = Период закрылся бы { $closes_at }, не позже, чем откроется: { $opens_at }.
PERIOD_OPENS_OUTSIDE_TERM = Такой период должен открываться не раньше { $starts_on } и не позже { $ends_on }, а не { $opens_on }.
PERIOD_OUTSIDE_TERM = С { $opens_at } до { $closes_at } вне учебного периода оказались бы { $kind ->
    [add_drop] дни перерегистрации
    [study] занятия
    [controls] контроли
    [exams] экзамены
   *[holidays] каникулы
 }: сначала перенесите их.
PERIOD_BEHIND_TERM = С { $opens_at } до { $closes_at } после последнего дня учебного периода оказались бы { $kind ->
    [add_drop] дни перерегистрации
    [study] занятия
    [controls] контроли
    [exams] экзамены
   *[holidays] каникулы
 }: сначала перенесите их.

## Потоки
STREAM_UNKNOWN = Такого потока нет.
STREAM_EXISTS = Этот поток уже открыт.
OF_STREAM = { $stream }: { $message }
OF_STUDENT = { $student }: { $message }
STREAM_FULL = Все места в потоке заняты ({ $limit }).
SEAT_HELD = У студента уже есть место в этом потоке.
NO_SEAT = У студента нет места в этом потоке.
SEATS_HELD = Оставшиеся места ({ $held }) держат для тех, кто в очереди; { $waiting ->
    [one] ждёт
   *[other] ждут
} ещё { $waiting }.
WAITING_ALREADY = Студент уже стоит в очереди в этот поток.
SEAT_FREE = Есть свободное место: займите его, ждать нечего.
NOT_WAITING = Студент не стоит в очереди в этот поток.
SEAT_NOT_OFFERED = Для студента ещё не держат места.
OFFER_LAPSED = Место держали до { $until }; это время прошло: место переходит к следующему в очереди или свободно.
MEETINGS_MISSING = В потоке есть студенты ({ $taken }): без занятий его оставить нельзя. Если занятий больше не будет, закройте поток.
MEETINGS_OVERLAP = Два занятия потока шли бы одновременно: { $weekday }, с { $from } до { $to }{ $weeks ->
    [every] {""}
   *[other] , недели: { $weeks }
}.
STREAM_GROUP_TAKEN = Поток «{ $group }» вида «{ $component }» у этой дисциплины в этом учебном периоде уже есть.
MEETING_ENDS_BEFORE_IT_STARTS = Занятие закончилось бы в { $ends_at }, не позже, чем начнётся: { $starts_at }.

## Регламенты
REGULATION_VERSION_TAKEN = Версия { $version } уже опубликована, а версии не меняются.
SCALE_HAS_GAPS = Строки шкалы должны идти от лучшей оценки вниз до 0 процентов.
LOWEST_GRADE_PASSES = Последняя строка шкалы должна быть неудовлетворительной.
LETTER_TWICE = Буква { $letter } стоит в шкале дважды.
WEIGHTS_DO_NOT_ADD_UP = Веса не дают в сумме 100 процентов: { $part ->
    [admission] рейтинг допуска (первый и второй период)
    [rating] рейтинг (текущий и рубежный контроль)
    [final_grade] итоговая оценка (рейтинг и экзамен)
   *[other] { $part }
}.
REGULATION_MISSING = На первый день учебного периода не действует ни один регламент.

## Индивидуальные учебные планы
IEP_UNKNOWN = Такого плана нет.
SUBJECT_IN_PLAN = Дисциплина уже есть в плане.
SUBJECT_NOT_IN_PLAN = Дисциплины нет в плане.
IEP_CHANGED = Дисциплины плана изменились, а эта дисциплина зависит от одной из них: попробуйте ещё раз.
IEP_STREAMS_CHANGED = В расписании появились потоки другого периода, с которыми выбор не сравнивался: попробуйте ещё раз.
TERM_NOT_IN_YEAR = Этот учебный период не относится к учебному году плана.
CREDITS_OVER_LIMIT = { $subject ->
    [one] Ещё { $subject } кредит превысит
    [many] Ещё { $subject } кредитов превысят
   *[other] Ещё { $subject } кредита превысят
} предел периода: запланировано { $planned } из { $limit }.
YEAR_CREDITS_OVER_LIMIT = { $subject ->
    [one] Ещё { $subject } кредит превысит
    [many] Ещё { $subject } кредитов превысят
   *[other] Ещё { $subject } кредита превысят
} предел года: запланировано { $planned } из { $limit }.
REGISTRATION_CLOSED = Регистрация открыта с { $opens_at } до { $closes_at }; сейчас { $now }.
REGISTRATION_NOT_SCHEDULED = Для этого учебного периода регистрация не назначена.
IEP_IS_SIGNED = План подписан (последним - { $signed_by ->
    [student] студентом
    [advisor] эдвайзером
    [registrar] регистратором
   *[other] { $signed_by }
}): состав дисциплин меняют только в период add/drop, после возврата плана или через регистратора.
IEP_REVISION_IS_OLD = План изменился: новейшая редакция - { $newest }, а не { $revision }. Сначала прочитайте её.
IEP_IS_EMPTY = Пустой план подписать нельзя.
ADVISOR_MISSING = План ждёт подписи эдвайзера, а у студента его нет: сначала назначьте эдвайзера.
SIGNATURE_OUT_OF_ORDER = Сначала план должен подписать { $waits_for ->
    [student] студент
    [advisor] эдвайзер
    [registrar] регистратор
   *[other] { $waits_for }
}.
SIGNED_ALREADY = Подпись уже стоит: { $role ->
    [student] студент
    [advisor] эдвайзер
    [registrar] регистратор
   *[other] { $role }
}.
NOT_A_SIGNER = План подписывают только студент, его эдвайзер и регистратор.
IEP_NOT_SIGNED_YET = План, который ещё никто не подписал, вернуть нельзя.
STREAMS_CLASH = { $meeting } — в то же время, что и { $clashes }: с { $from } до { $to }{ $weeks ->
    [every] {""}
   *[other] , недели: { $weeks }
}.
MEETINGS_CHANGED = Время занятий потока тем временем изменилось: посмотрите ещё раз.
SEATS_CHANGED = Состав потока тем временем изменился: посмотрите ещё раз.
TEACHER_TWICE_AT_ONCE = { $teacher }: { $meeting } — в то же время, что и { $clashes }: с { $from } до { $to }{ $weeks ->
    [every] {""}
   *[other] , недели: { $weeks }
}.
ROOM_TWICE_AT_ONCE = Аудитория { $room }: { $meeting } — в то же время, что и { $clashes }: с { $from } до { $to }{ $weeks ->
    [every] {""}
   *[other] , недели: { $weeks }
}.
STUDENT_STREAMS_CLASH = { $student }: { $meeting } — в то же время, что и { $clashes }: с { $from } до { $to }{ $weeks ->
    [every] {""}
   *[other] , недели: { $weeks }
}.
CHOOSING_STREAMS_CLOSED = Потоки выбирают в отведённый календарём период или в add/drop; { $opens_at ->
    [none] сейчас не идёт ни то, ни другое
   *[other] это с { $opens_at } до { $closes_at }, а сейчас { $now }
}.
SEAT_KEPT = Место в потоке { $subject } ({ $group }) осталось занятым: чтобы его получил кто-то другой, снимите регистрацию или освободите место.
PARENT_UNSUITABLE = Основной поток должен быть той же дисциплины, периода и конфигурации, но другого вида занятий.
SIGNATURE_SENT_BACK = Редакция возвращена.
SIGNATURE_SUPERSEDED = На смену этой редакции пришла новая.
SIGNATURE_DIGEST_DIFFERS = Контрольная сумма не совпадает с подписанными байтами.

## Регистрации, баллы и оценки
ENROLLMENT_UNKNOWN = Такой регистрации нет.
ENROLLMENT_DROPPED = От этой регистрации отказались.
REGISTERED_ALREADY = Студент уже зарегистрирован на { $code } в этом учебном периоде.
SUBJECT_IN_PROGRESS = { $code } уже в плане студента и ещё не имеет оценки.
SUBJECT_PASSED_ALREADY = { $code } уже сдан; положительную оценку пересдать нельзя.
RETAKE_DUE = Экзамен по { $code } можно пересдать: пересдача идёт прежде новой регистрации.
PREREQUISITES_MISSING = Сначала нужно сдать: { $missing }.
SUBJECT_NOT_OFFERED = { $code } в этом учебном периоде не преподаётся.
ENROLLMENT_HAS_MARKS = От регистрации с баллами отказаться нельзя (первый балл: { $first ->
    [current] текущий контроль
    [practice] практическое занятие
    [laboratory] лабораторная работа
    [self_work] самостоятельная работа
    [midterm] рубежный контроль
    [rating] рейтинг
    [exam] экзамен
    [retake] пересдача
   *[other] { $first }
}).
GRADED_ALREADY = У регистрации уже есть итоговая оценка: { $grade }.
STREAM_OF_ANOTHER_COMPONENT = Вид нового потока — «{ $wanted }», а того, вместо которого его берут, — «{ $component }».
STREAM_OF_ANOTHER_SUBJECT = Этот поток не относится к { $code } в этом учебном периоде.
STREAM_HELD = Студент уже в этом потоке.
STREAM_NOT_HELD = Студента нет в этом потоке.
STREAMS_CHANGED = Потоки студента тем временем изменились: прочитайте их заново.
STREAM_CONFIGURATION_MIXED = Поток относится к конфигурации { $asked }, а уже выбранные - к { $chosen }.
STREAM_COMPONENT_TWICE = Берут один поток вида { $component }, а не два.
PARENT_STREAM_NOT_CHOSEN = Поток можно выбрать только вместе с другим: { $stream }.
CHILD_STREAM_HELD = Студент состоит в потоке, которому нужен тот, что был бы оставлен: { $stream }.
PERCENT_OUT_OF_RANGE = Процент - от 0 до 100, а не { $percent }.
WEIGHT_OUT_OF_RANGE = Вес - больше 0 и не больше 100, а не { $weight }.
DAY_IN_FUTURE = { $day } ещё не наступило: сегодня { $today }.
RATING_PERIOD_NEEDED = Балл этого вида ({ $kind ->
    [current] текущий контроль
    [practice] практическое занятие
    [laboratory] лабораторная работа
    [self_work] самостоятельная работа
    [midterm] рубежный контроль
    [rating] рейтинг
   *[other] { $kind }
}) относится к рейтинговому периоду 1 или 2.
RATING_PERIOD_NOT_FOR_EXAM = { $kind ->
    [exam] Экзамен
    [retake] Пересдача
   *[other] { $kind }
} не относится ни к одному рейтинговому периоду.
RATING_PERIOD_OUT_OF_RANGE = Рейтинговый период - 1 или 2, а не { $period }.
RATINGS_ARE_COMPUTED = Регламент { $regulation } вычисляет рейтинги из баллов.
RATING_MISSING = Нет рейтинга { $period }, а до экзамена нужны оба.
NOT_ADMITTED = Рейтинг допуска - { $rating }, а для экзамена нужно { $needed }.
ADMITTED_TO_EXAM = Рейтинг допуска - { $rating }: с { $needed } студент допущен к экзамену.
NOT_GRADED_YET = Итоговой оценки ещё нет.
NO_RETAKE = Оценка { $grade } не даёт права на пересдачу.
OUTSIDE_MARK_UNKNOWN = В регламенте нет отметки { $letter } вне GPA.

## Силлабусы
MEETING_WEEK_OUT_OF_RANGE = В учебном периоде недели с 1 по { $weeks }, недели { $week } в нём нет.
SYLLABUS_WEEK_OUT_OF_RANGE = В учебном периоде недели с 1 по { $weeks }, недели { $week } в нём нет.
SYLLABUS_CLASSES_TOO_MANY = В неделе не больше { $most ->
    [one] { $most } занятия
   *[other] { $most } занятий
}; здесь их { $classes }.
SYLLABUS_SOURCES_TOO_MANY = Ссылок и источников вместе у занятия не больше { $most }; здесь ссылок { $links }, источников { $references }.
SYLLABUS_LINK_UNFIT = Ссылка начинается с http:// или https:// и имени сайта; эта не такая: { $address }
SYLLABUS_CLASS_UNKNOWN = Занятия с номером { $class } здесь нет.
SYLLABUS_CLASS_TWICE = Занятие с номером { $class } названо в неделе дважды.
SYLLABUS_CLASS_HAS_FILES = У занятия с номером { $class } ещё есть файлы ({ $files }): сначала уберите их.
SYLLABUS_FILES_TOO_MANY = У занятия не больше { $most ->
    [one] { $most } файла
   *[other] { $most } файлов
}, и у занятия с номером { $class } их уже столько.
SYLLABUS_FILE_UNKNOWN = В силлабусе нет такого файла.

## Сам интерфейс
NOT_FOUND = С таким идентификатором ничего нет.
ID_MALFORMED = Это не идентификатор.
TEXT_EMPTY = { $field ->
    [reason] Нужно указать причину.
   *[other] Здесь нужен текст, а ничего не написано.
}
TEXT_TOO_LONG = В тексте { $length ->
    [one] { $length } символ
    [few] { $length } символа
   *[other] { $length } символов
}; можно не больше { $most }.
TEXT_HAS_CONTROL_CHARACTERS = В тексте есть управляющие символы.
NUMBER_OUT_OF_RANGE = Число вне допустимых пределов: оно может быть от { $least } до { $most }.
NAMED_TWICE = Это указано в списке дважды: достаточно одного.
TOO_MANY_AT_ONCE = За один раз не больше { $most }, а запрошено { $asked }.
TRY_AGAIN = Сейчас это не удалось, или неизвестно, удалось ли. Повторите с тем же idempotencyKey: дважды ничего не будет сделано.
NOT_YOURS = Распоряжаться этим можете не вы.
IDEMPOTENCY_KEY_REUSED = Этот ключ идемпотентности уже использован для другого запроса.
LOGIN_TAKEN = Этот логин уже занят.
IIN_TAKEN = Этот ИИН уже указан у другого человека.
EXTERNAL_ID_TAKEN = Этот внешний идентификатор уже указан у другого человека.
SIGN_IN_FAILED = Неверный логин или пароль.
SIGN_IN_SLOWED = Слишком много неудачных попыток входа: повторите через { $seconds } с.
PASSWORD_WRONG = Нынешний пароль неверен.
PASSWORD_TOO_SHORT = В пароле должно быть не меньше { $least ->
    [one] { $least } символа
   *[other] { $least } символов
}.
PASSWORD_TOO_LONG = В пароле может быть не больше { $most ->
    [one] { $most } символа
   *[other] { $most } символов
}.
ACCESS_INVALID = Одноразовый доступ неизвестен, использован или истёк.
LOGIN_MISSING = У этого человека ещё нет логина: укажите его.

## Тесты
TEST_UNKNOWN = Такого теста нет.
TEST_EXISTS = Этот тест уже запланирован.
TEST_MOVED = Тест остаётся при своей дисциплине и своём учебном периоде.
TEST_WINDOW_IS_EMPTY = Тест закрылся бы { $closes_at }, не позже, чем откроется: { $opens_at }.
TEST_MINUTES_OUT_OF_RANGE = Попытка длится от 1 до { $most ->
    [one] { $most } минуты
   *[other] { $most } минут
}, а не { $minutes }.
TEST_ATTEMPTS_OUT_OF_RANGE = У теста от 1 до { $most ->
    [one] { $most } попытки
   *[other] { $most } попыток
}, а не { $attempts }.
TEST_PERIOD_UNFIT = Балл этого вида ({ $kind ->
    [current] текущий контроль
    [practice] практическое занятие
    [laboratory] лабораторная работа
    [self_work] самостоятельная работа
    [midterm] рубежный контроль
    [rating] рейтинг
    [exam] экзамен
    [retake] пересдача
   *[other] { $kind }
}) не относится к этому рейтинговому периоду.
TEST_NO_QUESTIONS = В тесте должен быть хотя бы один вопрос.
TEST_DRAWS_TOO_MANY = Попытка не может содержать { $drawn ->
    [one] { $drawn } вопрос
    [few] { $drawn } вопроса
   *[other] { $drawn } вопросов
}: их всего { $questions }.
TEST_QUESTION_NO_POINTS = Вопрос { $number } ничего не стоит.
TEST_QUESTION_OPTIONS_TOO_FEW = В вопросе { $number } меньше двух вариантов.
TEST_QUESTION_TWICE = Вопрос { $number } или его вариант повторяется.
TEST_QUESTION_NO_RIGHT_ANSWER = На вопрос нельзя ответить верно: у одиночного выбора один верный вариант, у множественного - хотя бы один.
TEST_NOT_ATTEMPTED = Вы ещё не проходили этот тест.
ATTEMPT_UNKNOWN = Такой попытки нет.
TEST_NOT_STUDYING = Тесты проходит только тот, кто сейчас учится; ваше положение: { $status ->
    [applicant] поступающий
    [studying] учитесь
    [on_leave] академический отпуск
    [expelled] отчислены
    [graduated] окончили обучение
   *[other] { $status }
}.
TEST_NOT_ADMITTED = Вы не допущены к этому экзамену: ваш рейтинг допуска - { $rating }.
TEST_NOTHING_TO_RETAKE = По этой дисциплине нет оценки, которую можно пересдать.
TEST_NOT_REGISTERED = Вы не зарегистрированы на дисциплину этого теста.
TEST_NOT_OPEN = Тест открыт с { $opens_at } до { $closes_at }; сейчас { $now }.
TEST_RATING_TOO_LOW = Нужен рейтинг допуска { $needed }; у вас { $rating }.
TEST_SUBJECT_GRADED = По дисциплине уже есть итоговая оценка: { $grade }.
ATTEMPT_RUNS = Попытка { $number } ещё идёт.
TEST_PASSED_ALREADY = Этот тест вы уже сдали.
ATTEMPTS_USED_UP = Все попытки ({ $allowed }) использованы.
TEST_CONCLUDED = Результат этого теста окончательный.
ATTEMPT_OVER = Попытка окончена.
ATTEMPT_TIME_IS_UP = Попытка окончилась в { $ends_at }; сейчас { $now }.
ATTEMPT_NOT_PROCTORED = За этой попыткой никто не наблюдает: закрытие страницы её не оканчивает.
QUESTION_NOT_DRAWN = Этого вопроса в попытке нет.
ONE_OPTION_ASKED = Нужен один вариант, указано { $given }.
OPTION_NOT_OFFERED = Такого варианта в вопросе нет.
ANSWER_KIND_WRONG = На этот вопрос отвечают иначе.
ANSWER_SEQUENCE_TAKEN = Под номером { $sequence } пришёл другой ответ: тест открыт в двух окнах?

## Файлы
FILE_NOT_SENT = В запросе нет такого файла: файлы передают составным (multipart) запросом.
FILE_EMPTY = Файл пуст.
FILE_TOO_LARGE = Файл больше { $most ->
    [one] { $most } байта
   *[other] { $most } байт
}.
FILE_KIND_NOT_TAKEN = Принимаются только PDF, DOCX, PNG и JPEG; важно содержимое файла, а не его имя.
FILE_NAME_UNSAFE = Таким имя файла быть не может: его нет, в нём путь или невидимые символы.
FILE_NAME_TOO_LONG = Имя файла длиннее { $most ->
    [one] { $most } байта
   *[other] { $most } байт
}.
FILE_USED = Файл уже использован или ждал слишком долго и удалён: отправьте его ещё раз.
FILE_BROKE_OFF = Передача файла оборвалась или длилась слишком долго.

## Работы
THESIS_UNKNOWN = Такой работы нет.
THESIS_EXISTS = Эта работа уже открыта.
THESIS_RULES_MISSING = Действующий регламент ничего не говорит о работах этого вида ({ $kind ->
    [coursework] курсовая
    [diploma] дипломная
    [dissertation] диссертация
   *[other] { $kind }
}).
THESIS_CONCLUDED = Работа зачтена или не зачтена: дальше ничего не следует.
THESIS_UNDER_CHECK = Попытка { $attempt } проверяется или ждёт решения.
THESIS_DOCUMENT_NOT_ASKED = Документ этого вида не требуется ({ $kind ->
    [title_page] титульный лист
    [assignment] задание
    [abstract] аннотация
    [supervisor_review] отзыв руководителя
    [review] рецензия
    [appendices] приложения
   *[other] { $kind }
}).
THESIS_TITLE_PAGE_ONE_FILE = Титульный лист - один файл; сначала удалите прежний.
THESIS_DOCUMENT_UNKNOWN = Такого документа нет.
THESIS_TOO_MANY_FILES = С одной работой сдают не больше { $most ->
    [one] { $most } файла
   *[other] { $most } файлов
}.
THESIS_WORK_NOT_TEXT = Работу сдают в виде PDF или DOCX, а не { $kind }.
THESIS_NO_ATTEMPT_OPEN = Открытой попытки нет: следующую открывает руководитель или сотрудник.
THESIS_ATTEMPT_OPEN = Попытка { $attempt } уже открыта.
THESIS_ALLOWANCE_TOO_LOW = Использовано бесплатных попыток: { $free_used }, платных: { $paid_used }; хотя бы одна должна остаться.
THESIS_ALLOWANCE_TOO_HIGH = Попыток каждого вида может быть не больше { $most }.
THESIS_PAYMENT_DUE = Сначала нужно оплатить попытку { $attempt }.
THESIS_ATTEMPT_IS_FREE = Попытка { $attempt } бесплатная: платить не за что.
THESIS_RECEIPT_MISSING = Квитанция за попытку { $attempt } ещё не загружена.
THESIS_PAID_ALREADY = Попытка { $attempt } оплачена.
THESIS_WORK_MISSING = Работа для попытки { $attempt } ещё не загружена.
THESIS_DOCUMENTS_MISSING = Без всех документов проверка невозможна; не хватает: { $missing }.
THESIS_ATTEMPT_UNKNOWN = Попытки { $attempt } нет.
THESIS_ATTEMPT_NOT_NEWEST = Попытка { $attempt } уже не новейшая; новейшая - { $newest }.
THESIS_NO_REPORT = Отчёта по попытке { $attempt } ещё нет.
THESIS_DECIDED_ALREADY = По попытке { $attempt } решение уже принято.
THESIS_BELOW_THRESHOLD = Оригинальность { $originality } ниже порога { $threshold }.
THESIS_REASON_MISSING = Оригинальность { $originality } достигает порога { $threshold }: укажите, почему работа не зачтена.

## Программы и учебные планы программ
PROGRAMME_UNKNOWN = Такой программы нет.
PROGRAMME_EXISTS = Программа с кодом { $code } уже есть.
ADMISSION_YEAR_OUT_OF_RANGE = Год поступления - от 1900 до 2200, а не { $year }.
CURRICULUM_SIZE_OUT_OF_RANGE = В учебном плане от 1 до { $most ->
    [one] { $most } дисциплины
   *[other] { $most } дисциплин
}, а не { $subjects }.
SUBJECT_TWICE_IN_CURRICULUM = Дисциплина стоит в учебном плане один раз, а не два: { $subject }.
STUDY_TERM_OUT_OF_RANGE = Семестр обучения - от 1 до 20, а не { $term }.
GROUP_TWICE_IN_CURRICULUM = Две группы названы одинаково: { $group }.
GROUP_CHOICE_IMPOSSIBLE = В группе «{ $group }» нельзя выбрать { $choose ->
    [one] { $choose } дисциплину
    [few] { $choose } дисциплины
   *[other] { $choose } дисциплин
} из { $of }.
GROUP_CREDITS_IMPOSSIBLE = В группе «{ $group }» нельзя набрать от { $from } до { $to ->
    [few] { $to } кредитов
    [many] { $to } кредитов
   *[other] { $to } кредита
}: в её дисциплинах { $of }.
GROUP_CHOICE_UNCLEAR = Группа считает либо дисциплины (chooseSubjects), либо кредиты (creditsFrom, creditsTo).

## Что требует дисциплина
SUBJECT_ASKS_FOR_ITSELF = Дисциплина не может требовать саму себя.
REQUIREMENT_UNMEETABLE = Этого никто и никогда не смог бы выполнить: { $requirement }.
PREREQUISITE_CYCLE = Эти дисциплины никто никогда не смог бы взять, каждая ждёт следующей: { $cycle }.
REQUIREMENTS_CHANGED = Требования связанной дисциплины тем временем изменились: посмотрите ещё раз.
REQUIREMENT_TOO_LARGE = В требовании не больше { $most_parts ->
    [one] { $most_parts } части
   *[other] { $most_parts } частей
} и { $most_depth ->
    [one] { $most_depth } уровня
   *[other] { $most_depth } уровней
}; здесь частей { $parts }, уровней { $depth }.
REQUIREMENT_IS_EMPTY = Выбор из ничего невыполним: укажите, из чего должно выполняться хотя бы одно.
REQUIREMENT_UNMET = Дисциплина требует того, чего у студента нет: { $requirement }.
COREQUISITE_MISSING = Дисциплину берут в одном периоде с { $with }: сначала зарегистрируйтесь на неё.
PREREQUISITE_GIVEN_UP = { $subject } в плане, но от её пререквизита { $prerequisite } отказались.
GROUP_IS_FULL = Из группы «{ $group }» можно выбрать дисциплин: { $choose }; других уже выбрано или запрошено: { $chosen }.
GROUP_CREDITS_OVER_LIMIT = { $subject ->
    [one] Ещё { $subject } кредит превысит
    [many] Ещё { $subject } кредитов превысят
   *[other] Ещё { $subject } кредита превысят
} предел группы «{ $group }»: выбрано { $chosen } из { $limit }.
APPROVAL_UNKNOWN = Дисциплина студенту не одобрена.
PROGRAMME_HEAD_MISSING = У программы «{ $programme }» нет руководителя, который мог бы это одобрить: обратитесь к регистратору.
APPROVAL_NOT_NEEDED = Дисциплина не требует одобрения руководителя программы.
APPROVAL_WITHDRAWN = { $subject } в плане, но одобрение отозвано.
COREQUISITE_GIVEN_UP = { $subject } в плане, но от парной дисциплины { $corequisite } отказались.
PREREQUISITE_FAILED = { $subject } в плане, но её пререквизит { $prerequisite } не сдан.
SUBJECTS_EXCLUDE = Дисциплину нельзя взять в одном периоде с { $with }.
YEAR_OF_STUDY_TOO_LOW = Дисциплина для { $least } курса и старше; { $year_of_study ->
    [none] курс студента неизвестен
   *[other] студент на { $year_of_study } курсе
}.
CREDITS_TOO_FEW = Дисциплина требует { $least ->
    [few] { $least } набранных кредитов
    [many] { $least } набранных кредитов
   *[other] { $least } набранного кредита
}; у студента { $gathered }.
PROGRAMME_NOT_FITTING = Дисциплина для студентов другой программы: { $code }.
GROUP_NOT_FITTING = Дисциплина для группы { $asked }; { $group ->
    [none] группа студента неизвестна
   *[other] студент в группе { $group }
}.
APPROVAL_MISSING = Сначала дисциплину должен одобрить для студента руководитель программы.

## Запреты и исключения
HOLD_UNKNOWN = Такого запрета у студента нет, или он уже снят.
REGISTRATION_HELD = Студент не может регистрироваться, пока не снят запрет: { $hold ->
    [debt] задолженность
    [library] библиотека
    [discipline] дисциплинарное взыскание
   *[other] { $hold }
}.
OVERRIDE_NOT_NEEDED = Регистрации это не препятствует, и исключение не нужно: { $reason ->
    [none] причина не указана
    [PREREQUISITES_MISSING] несданные пререквизиты
    [COREQUISITE_MISSING] парная дисциплина
    [SUBJECTS_EXCLUDE] несовместимая дисциплина
    [YEAR_OF_STUDY_TOO_LOW] курс обучения
    [CREDITS_TOO_FEW] нехватка набранных кредитов
    [PROGRAMME_NOT_FITTING] программа
    [GROUP_NOT_FITTING] группа
    [APPROVAL_MISSING] отсутствие одобрения
    [REQUIREMENT_UNMET] невыполненное требование
    [GROUP_IS_FULL] число дисциплин группы по выбору
    [GROUP_CREDITS_OVER_LIMIT] кредиты группы по выбору
    [REGISTRATION_HELD] запрет
    [SUBJECT_NOT_OFFERED] дисциплина не преподаётся
    [CREDITS_OVER_LIMIT] кредиты периода
    [YEAR_CREDITS_OVER_LIMIT] кредиты года
   *[other] { $reason }
}.

## Календарь и расписание
PERIOD_UNKNOWN = В календаре учебного периода такого периода нет.
PERIOD_UNTITLED = Периоду без установленного вида нужно название.
PERIOD_KIND_REGISTRATION = Регистрация
PERIOD_KIND_CHOOSING_STREAMS = Выбор потоков
PERIOD_KIND_ADD_DROP = Add/drop
PERIOD_KIND_STUDY = Обучение
PERIOD_KIND_CONTROLS = Контроль
PERIOD_KIND_EXAMS = Экзамены
PERIOD_KIND_HOLIDAYS = Каникулы и праздники
PERIOD_KIND_OTHER = Событие
SITTING_KIND_EXAM = Экзамен
SITTING_KIND_CONTROL = Контроль
SITTING_KIND_CONSULTATION = Консультация
SITTING_TOO_LONG = С { $starts_at } до { $ends_at } — слишком долго: экзамен, контроль и консультация длятся не больше { $most_hours ->
    [one] { $most_hours } часа
   *[other] { $most_hours } часов
}.
SITTING_OUTSIDE_TERM = С { $starts_at } до { $ends_at } — вне учебного периода, который вместе с экзаменами идёт с { $opens_at } до { $closes_at }.
SITTING_IN_THE_PAST = С { $starts_at } до { $ends_at } — в прошлом: сейчас { $now }.
SITTINGS_AT_ONCE = У { $students ->
    [one] { $students } студента
   *[other] { $students } студентов
} потока в это время { $kind ->
    [exam] другой экзамен
    [control] другой контроль
   *[consultation] другая консультация
}: { $subject } ({ $group }), с { $from } до { $to }.
CLASS_AT_ONCE = У { $students ->
    [one] { $students } студента
   *[other] { $students } студентов
} потока в это время занятие: { $subject } ({ $group }), с { $from } до { $to }.
ON_HOLIDAY = В это время выходные или каникулы: { $title }, с { $from } до { $to }.
ROOM_TAKEN = Аудитория { $room } в это время занята: { $subject } ({ $group }), { $kind ->
    [exam] экзамен
    [control] контроль
    [consultation] консультация
   *[class] занятие
}, с { $from } до { $to }.
TEACHER_ELSEWHERE = { $teacher } в это время на другом мероприятии: { $subject } ({ $group }), { $kind ->
    [exam] экзамен
    [control] контроль
    [consultation] консультация
   *[class] занятие
}, с { $from } до { $to }.
SITTINGS_OUTSIDE = { $subject } ({ $group }), { $kind ->
    [exam] экзамен с { $starts_at } до { $ends_at } — вне экзаменов или учебного периода
    [control] контроль с { $starts_at } до { $ends_at } — вне учебного периода
   *[consultation] консультация с { $starts_at } до { $ends_at } — вне учебного периода
}: теперь это с { $opens_at } до { $closes_at }. Всего таких: { $count }.
CLASSES_OUTSIDE = { $meeting } ({ $group }), недели: { $weeks } — это не дни учебного периода: он с { $starts_on } по { $ends_on }. Всего таких занятий: { $count }.
STREAMS_AT_ONCE = У { $students ->
    [one] { $students } студента
   *[other] { $students } студентов
} { $meeting } — в то же время, что и { $clashes }: с { $from } до { $to }{ $weeks ->
    [every] {""}
   *[other] , недели: { $weeks }
}.
EXAM_OUTSIDE_EXAMS = С { $starts_at } до { $ends_at } — вне периода экзаменов: он идёт с { $opens_at } до { $closes_at }.
LINE_PASSED = За тем, кто стоит дальше в очереди, осталось бы место, которое для него держат: сначала назовите тех, кто в очереди последний.
SITTING_IS_EMPTY = Окончание ({ $ends_at }) не позже начала ({ $starts_at }).
SITTINGS_TOO_MANY = Экзаменов, контролей и консультаций у потока уже { $most }, больше нельзя.
SITTING_UNKNOWN = У потока нет такого экзамена, контроля или консультации.
TIMETABLE = Расписание
CALENDAR_LINKS_TOO_MANY = Ссылок на ваше расписание уже { $most }: сначала отзовите одну.

## Места потоков
SEATS_RESERVED = Свободные места ({ $free }) оставлены для других: { $kept }.
SEATS_KEPT = { $programme ->
    [any] любая программа
   *[other] программа { $programme }
}{ $year ->
    [any] {""}
   *[other] , { $year } курс
}: { $seats ->
    [one] { $seats } место
    [few] { $seats } места
   *[other] { $seats } мест
} до { $until }
STREAM_WITHOUT_LIMIT = У потока без предела мест оставлять нечего.
RESERVED_FOR_ALL = Места оставляют для программы, курса или обоих вместе: укажите, для кого.
RESERVED_BEYOND_LIMIT = Было бы оставлено { $reserved ->
    [one] { $reserved } место
    [few] { $reserved } места
   *[other] { $reserved } мест
} из { $limit }.
RESERVED_UNTIL_PAST = Время, до которого оставляют места, уже прошло: { $until }.
ONLINE_LINK_UNFIT = Адрес онлайн-занятия должен вести в веб (https://…): { $address } не подходит.
LIMIT_BELOW_RESERVED = Занято мест: { $taken }, предложено: { $held }, оставлено для отдельных студентов: { $reserved }; всего { $limit } — слишком мало.
LIMIT_BELOW_SEATS = Занято { $taken ->
    [one] { $taken } место
    [few] { $taken } места
   *[other] { $taken } мест
} и ещё { $held } держат для очереди, это больше { $limit }: укажите, кто уходит.
SEATS_TAKEN = В потоке есть места у студентов ({ $taken }), и ещё места держат для очереди ({ $held }): укажите, кто уходит.
LEAVING_NEEDLESS = Указано уходящих: { $named }, а не помещается: { $needed }. Занято мест: { $taken }, держат для очереди: { $held }, оставлено для отдельных студентов: { $reserved }. Не указывайте тех, кому уходить не нужно.
STREAM_CLOSED = Поток закрыт.
STREAM_LISTED_ALREADY = Поток уже числится за этой дисциплиной.
ROOMS_MISCOUNTED = Занятий { $meetings }, а аудиторий { $rooms }: укажите по одной на каждое или ни одной.

## Документы
IEP_PAPER_NOT_READY = Документа ещё нет: эту редакцию подписали не все.
FORBIDDEN = Ваши роли этого не позволяют.
PAPER_IEP = Индивидуальный учебный план
PAPER_STUDENT = Студент
PAPER_PROGRAMME = Образовательная программа
PAPER_ADMITTED = Год поступления
PAPER_ADVISOR = Эдвайзер
PAPER_YEAR = Учебный год
PAPER_REVISION = Редакция
PAPER_CREDITS_IN_ALL = Всего кредитов
PAPER_CODE = Код
PAPER_SUBJECT = Дисциплина
PAPER_CREDITS = Кредиты
PAPER_TOTAL = Итого
PAPER_SIGNATURES = Подписи
PAPER_ROLE = Роль
PAPER_SIGNED_BY = Кто подписал
PAPER_SIGNED_AT = Когда
PAPER_DIGEST = SHA-256
PAPER_DIGEST_OF = Все подписали один и тот же текст. Его SHA-256: { $digest }
PAPER_ROLE_NAME = { $role ->
    [student] Студент
    [advisor] Эдвайзер
    [registrar] Регистратор
   *[other] { $role }
}
PAPER_TIME = { $at }
PAPER_ERASED = лицо, данные которого удалены
PAPER_CHECK = Действителен ли ещё этот документ?
PAPER_CHECK_HOW = По адресу ниже, который есть и в QR-коде, видно, последняя ли это действительная редакция плана. Код можно ввести там и вручную.
PAPER_CHECK_PICTURE = QR-код с адресом, по которому проверяется этот документ
PAPER_IS_VALID = Документ соответствует последней редакции плана, все подписи действительны.
PAPER_IS_SUPERSEDED = Документ больше не действителен: { $at } открыта новая редакция; { $ready ->
    [yes] последнюю редакцию подписали все
   *[other] последнюю редакцию подписали ещё не все
}.
PAPER_IS_SENT_BACK = Документ больше не действителен: { $at } эта редакция была возвращена.
PAPER_IS_ERASED = Документ есть в записях, но данные его владельца удалены по праву, данному законом.
PAPER_IS_BROKEN = Запись не соответствует тому, что было подписано: обратитесь в университет.

## Заявки
REQUEST_SWAP = Замена дисциплины
REQUEST_GIVE_UP = Отказ от дисциплины
REQUEST_ADD = Добавление дисциплины
REQUEST_CHANGE_STREAM = Смена потока
REQUEST_UNKNOWN = Такой заявки нет.
REQUEST_OPEN_ALREADY = По этой же дисциплине уже есть заявка, она ждёт решения.
REQUEST_DECIDED_ALREADY = { $status ->
    [withdrawn] Заявка отозвана { $decided_at }
    [accepted] Заявка принята { $decided_at }
    [refused] В заявке отказано { $decided_at }
   *[other] Решение по заявке вынесено { $decided_at }
}: больше решать по ней нечего.
REQUEST_CHANGES_NOTHING = Это уже так: менять нечего.
ADD_DROP_CLOSED = Об изменении просят в период add/drop, с { $opens_at } до { $closes_at }; сейчас { $now }.
ADD_DROP_NOT_SCHEDULED = В календаре для этого учебного периода нет add/drop: просить об изменении нельзя.

## Что говорится вместо ответа
UNAUTHENTICATED = Сначала войдите в систему.
NOT_FOUND_FILE = Такого файла нет.
NOT_FOUND_CALENDAR = Такого календаря нет.
NOT_FOUND_PAPER = Документа с таким кодом нет.
BUSY = В очереди слишком много команд: повторите чуть позже.
BUSY_WITH_SIGN_INS = Слишком многие входят одновременно: повторите чуть позже.
UNAVAILABLE = База данных сейчас не отвечает.
UNAVAILABLE_TO_WRITE = Ничего не записано: база данных сейчас не принимает записи.
UNAVAILABLE_FILES = Хранилище файлов сейчас недоступно.
OUTCOME_UNKNOWN = Связь прервалась во время записи: возможно, всё уже сделано. Повторите запрос с тем же ключом идемпотентности.
INTERNAL = На нашей стороне что-то пошло не так; подробности в журнале сервера.
POSITION_NOT_REACHED = Последние изменения пока нельзя показать: повторите чуть позже.
POSITION_NOT_IN_LOG = Журнал событий ещё не дошёл до этого места, или такого места в нём нет.
SUBSCRIBE_AGAIN = Ваши роли изменились: подпишитесь заново.
CHECKS_SLOWED = Слишком много неизвестных кодов: повторите через { $seconds } с.
INPUT_NO_ID = Это не идентификатор.
INPUT_NO_CURSOR = Это не курсор этого списка.
INPUT_FIRST_NEGATIVE = Значение `first` не может быть отрицательным.
INPUT_NO_AGGREGATE_TYPE = Такого типа агрегатов нет.
INPUT_NO_EVENT_TYPE = Такого типа событий нет.
INPUT_NO_VIEW = Такого представления нет; есть: { $known }.
INPUT_KEY_TOO_LONG = Таких длинных ключей у документов не бывает.
INPUT_TWO_TIMES = `asOf` и `asOfPosition` нельзя указывать вместе.
INPUT_DAYS_BEYOND = Таких дат не показывают никакие часы.
INPUT_TWO_ENDS = Укажите `to` или `span`, но не оба сразу.
INPUT_ENDS_BEFORE_START = `to` раньше, чем `from`.
INPUT_TOO_MANY_DAYS = Расписание показывают не более чем на { $most ->
    [one] { $most } день
    [few] { $most } дня
   *[other] { $most } дней
}.
INPUT_TOO_MANY_TOGETHER = Вместе рассматривают не более { $most ->
    [one] { $most } дисциплины и { $most } потока
   *[other] { $most } дисциплин и { $most } потоков
}.
INPUT_NO_LANGUAGE = `lang` - одно из значений: { $known }.
INPUT_NO_POSITION = В Oqu-After-Position указана не позиция журнала.
INPUT_VARIABLE_MISSING = Нет переменной ${ $variable }, а у неё должно быть значение.
INPUT_FIELD_MISSING = Поле `{ $field }` не указано, а значение у него должно быть.
INPUT_NO_SUCH_VALUE = Значения `{ $value }` для `{ $field }` не бывает.
INPUT_UNREADABLE = Одно из значений не того типа, который здесь нужен.
QUERY_UNREADABLE = Запрос не удалось прочитать.
QUERY_UNFIT = Запрос не соответствует тому, что здесь можно запросить.
QUERY_TOO_DEEP = Запрос вложен слишком глубоко.
QUERY_TOO_COMPLEX = Запрос требует слишком многого за один раз.
INPUT_HAS_NUL = В тексте есть символ U+0000.
QUERY_OF_SEVERAL_FIELDS = Подписка запрашивает ровно одно корневое поле.
QUERY_TOO_MANY_ALIASES = Запрос переименовывает поля { $aliases ->
    [few] { $aliases } раза
   *[other] { $aliases } раз
}, а можно { $most }.
BODY_TOO_LARGE = Тело запроса больше { $most ->
    [one] { $most } байта
   *[other] { $most } байт
} или оборвалось.
BODY_PART_TOO_LARGE = Часть `{ $part }` больше { $most ->
    [one] { $most } байта
   *[other] { $most } байт
}.
BODY_NOT_UTF8 = Тело запроса - не UTF-8.
BODY_NOT_JSON = Тело запроса должно быть в формате application/json.
BODY_NOT_GRAPHQL = Запрос нельзя прочитать.
PREFLIGHT_MISSING = Запрос с файлами должен иметь заголовок GraphQL-Preflight.
UPLOAD_TOO_SLOW = Загрузка длилась слишком долго.
BAD_REQUEST_METHOD = Мутацию нельзя запросить методом GET: отправьте её методом POST.
NOT_ACCEPTABLE = Ответы бывают в форматах application/graphql-response+json, application/json и text/event-stream.
SUBSCRIPTION_NEEDS_STREAM = Подписывайтесь через WebSocket (graphql-transport-ws) или принимайте text/event-stream.
ORIGIN_NOT_ALLOWED = Страницам этого сайта подключаться нельзя.
TOO_MANY_OPERATIONS = В соединении уже { $most ->
    [one] { $most } открытая операция
    [few] { $most } открытые операции
   *[other] { $most } открытых операций
}, больше нельзя.
TIMED_OUT = Запрос выполнялся слишком долго.
FILE_GONE = Файл числится, но в хранилище его больше нет.
RANGE_NOT_SATISFIABLE = Размер файла - { $size ->
    [few] { $size } байта
   *[other] { $size } байт
}.

## Слова в сведениях
WORD_MONDAY = понедельник
WORD_TUESDAY = вторник
WORD_WEDNESDAY = среда
WORD_THURSDAY = четверг
WORD_FRIDAY = пятница
WORD_SATURDAY = суббота
WORD_SUNDAY = воскресенье
WORD_LECTURE = лекция
WORD_PRACTICE = практика
WORD_LABORATORY = лабораторная
WORD_CLASS = занятие
WORD_SEMINAR = семинар
WORD_TITLE_PAGE = титульный лист
WORD_ASSIGNMENT = задание
WORD_ABSTRACT = аннотация
WORD_SUPERVISOR_REVIEW = отзыв руководителя
WORD_REVIEW = рецензия
WORD_APPENDICES = приложения
WORD_ALL = всё из{" "}
WORD_ANY = одно из{" "}
WORD_NOT = не{" "}
WORD_PASSED = сдать
WORD_REGISTERED_NOW = изучать в том же периоде
WORD_NOT_REGISTERED_WITH = не изучать в том же периоде
WORD_YEAR_OF_STUDY_AT_LEAST = курс не ниже
WORD_CREDITS_GATHERED = набрано кредитов не менее
WORD_IN_PROGRAMME = программа
WORD_IN_GROUP = группа
WORD_APPROVED_BY_HEAD = согласие руководителя программы

# What an import says of a folder.
IMPORT_CLASS_OVERFULL = записано студентов: { $students }, а мест: { $limit }
IMPORT_CLASSES_CLASH = `{ $user }` записан(а) в `{ $class }` и в `{ $with }`, которые проходят в одно и то же время
IMPORT_AND_MORE = { $reason }; и ещё таких случаев: { $more }
IMPORT_EMPTY = пусто
IMPORT_NO_DATE = `{ $text }` - не дата (ГГГГ-ММ-ДД)
IMPORT_NO_NUMBER = `{ $text }` - не число
IMPORT_TOO_LONG = слишком длинно, знаков не больше { $most }
IMPORT_CONTROL = содержит управляющий символ
IMPORT_NO_SESSION_TYPE = `{ $text }` - не вид учебного периода
IMPORT_ENDS_BEFORE_START = { $ends_on } раньше первого дня, { $starts_on }
IMPORT_OTHER_ROLE = в файле { $file } у `{ $user }` другая роль
IMPORT_NO_REGULATION = { $day } не действует ни один регламент
IMPORT_NO_RESULT = `{ $text }` - ни одно из значений Pass, Distinction, Fail, Withdrawn
IMPORT_NOT_IMPORTED = `{ $id }` из строки { $line } файла { $file } не импортировано
IMPORT_NOT_THERE = в файле { $file } нет `{ $id }`
IMPORT_RANGE_EMPTY = не больше resultValueMin
IMPORT_NO_PERCENT = не от 0 до 100
IMPORT_OUTSIDE_RANGE = { $text } вне диапазона баллов этого задания
IMPORT_RESULT_TWICE = результат этого студента по этому заданию уже есть в строке { $line }
IMPORT_NO_SCORE_STATUS = `{ $text }` - не состояние оценки
IMPORT_ID_TWICE = `{ $id }` уже есть в строке { $line }
IMPORT_NO_STATUS = `{ $text }` - не состояние записи
IMPORT_NO_PARENT = `{ $text }` - не занятие, которое можно взять вместе с этим
IMPORT_NO_SEATS = `{ $text }` - не число мест
IMPORT_NO_WEEKS = `{ $text }`: нужно по одному 0 или 1 на неделю
IMPORT_NEVER_MEETS = занятие не проходит ни в одну неделю
IMPORT_NO_DAYS = `{ $text }`: нужно семь 0 или 1, начиная с понедельника
IMPORT_NO_TIME = `{ $text }` - не время (ЧЧ:ММ)
IMPORT_NO_MINUTES = `{ $text }` - не число минут больше 0
IMPORT_PAST_MIDNIGHT = начало { $starts_at }, длительность { $minutes } мин: закончилось бы после полуночи
IMPORT_NO_CREDITS = `{ $text }` - не число кредитов (больше 0, с точностью до сотых)
IMPORT_QUOTE_OPEN = кавычка не закрыта
IMPORT_ROW_TOO_LONG = строка слишком длинная, наибольшая длина в байтах: { $most }
IMPORT_FIELDS = полей: { $fields }, а нужно { $columns }
IMPORT_NOT_UTF8 = не UTF-8
IMPORT_HAS_NUL = содержит U+0000
IMPORT_ID_TAKEN = этот идентификатор уже у другого человека ({ $key })
IMPORT_GRADED_OTHERWISE = у регистрации другая итоговая оценка; исправить её может только регистратор
IMPORT_NO_SUCH_MARK = в регламенте периода нет такой отметки: { $refusal }
IMPORT_NOT_ENROLLED = студент не записан ни на одно занятие этой дисциплины в этом периоде
IMPORT_GIVEN_UP = студент отказался от регистрации
IMPORT_NO_ROLE = `{ $text }` - не роль
IMPORT_NO_BOOLEAN = `{ $text }` - ни true, ни false
IMPORT_TOO_MANY_SEATED = занятие проходит в другое время, а занявших место слишком много, чтобы их планы последовали: { $asked }, не больше { $most }
IMPORT_FILE_UNUSED = не импортируется
IMPORT_FILE_UNKNOWN = не входит в OneRoster 1.1, пропущен
IMPORT_HEAD_FILE = файл
IMPORT_HEAD_READ = прочитано
IMPORT_HEAD_IMPORTED = принято
IMPORT_HEAD_UNCHANGED = без изменений
IMPORT_HEAD_REJECTED = отклонено
IMPORT_CHECKED = проверено, ничего не записано ({ $seconds } с)
IMPORT_DONE = импортировано ({ $seconds } с)
IMPORT_REJECTED = { $file }, строка { $line }, { $column }: { $reason }
IMPORT_WARNED = { $file }, строка { $line }, предупреждение: { $reason }
IMPORT_MOVED_CLASHES = занятие проходит в другое время, когда у этих студентов в плане другое занятие: { $names }{ $more ->
    [0] {""}
   *[other] ; и ещё { $more }
}
