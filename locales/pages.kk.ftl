# Консоль беттерінде не жазылған.

## Әр беттің айналасы
page-skip = Мазмұнға өту
page-navigation = Консоль
page-languages = Тіл
page-home = Бастапқы бетке
page-sign-out = Шығу
page-read-at = Журналдың { $position }-позициясына дейінгі жазбалар ескерілді.
page-times = Уақыт { $zone } уақыт белдеуі бойынша көрсетілген.

## Кіру
page-sign-in = Кіру
page-login = Логин
page-password = Құпиясөз

## Көрсетуге болмайтыны
page-failure-title = { $code ->
    [FORBIDDEN] Рұқсат жоқ
    [FORM_NOT_YOURS] Бұл сіздің формаңыз емес
    [NOT_FOUND] Мұнда ештеңе жоқ
    [METHOD_NOT_ALLOWED] Мұнда ештеңе жоқ
    [BAD_INPUT] Мұны оқу мүмкін емес
    [IEP_PAPER_NOT_READY] Бәрі қол қоймаған
    [BUSY] Сұраныс тым көп
    [UNAVAILABLE] Қазір қолжетімсіз
    [OUTCOME_UNKNOWN] Әрекет орындалған болуы мүмкін
    [POSITION_NOT_REACHED] Сәл күтіңіз
    [TIMED_OUT] Жауап тым ұзаққа созылды
   *[other] Бірдеңе дұрыс болмады
}
page-failure = { $code ->
    [FORBIDDEN] Рөлдеріңіз бұған жол бермейді.
    [FORM_NOT_YOURS] Бұл форма сізге берілмеген немесе кіргеніңізге дейін берілген. Ештеңе орындалған жоқ: бетті қайта ашып, соның формасын жіберіңіз.
    [NOT_FOUND] Мұндай бет немесе жоспар жоқ.
    [METHOD_NOT_ALLOWED] Мұндай бет немесе жоспар жоқ.
    [BAD_INPUT] Жіберілгенді оқу мүмкін емес. Ештеңе орындалған жоқ.
    [IEP_PAPER_NOT_READY] Бұл редакцияға әлі бәрі қол қойған жоқ: ол бойынша құжат жоқ.
    [BUSY] Қазір сұраныс тым көп. Ештеңе орындалған жоқ: сәлден кейін қайталаңыз.
    [UNAVAILABLE] Дерекқор қазір жауап бере алмайды. Ештеңе орындалған жоқ: сәлден кейін қайталаңыз.
    [OUTCOME_UNKNOWN] Жазу кезінде байланыс үзілді: әрекет орындалған болуы мүмкін. Бетті қайта ашып, тексеріңіз.
    [POSITION_NOT_REACHED] Орындалған әрекет жазылды, бірақ оны әлі көрсету мүмкін емес. Бетті сәлден кейін жаңартыңыз.
    [TIMED_OUT] Жауап тым ұзаққа созылды. Бетті қайта ашып, әрекеттің орындалғанын тексеріңіз.
   *[other] Біздің жақта бірдеңе дұрыс болмады; толығырақ сервер журналында.
}
page-failure-code = Коды:

## Не күтіп тұр
page-waiting = Сізді күтіп тұрғандар
page-waiting-caption = Сіздің қолтаңбаңызды күтіп тұрған жоспарлар, ең ұзақ күткені бірінші
page-waiting-count = Күтіп тұрғаны: { $count }
page-nothing-of-yours = Сіздің рөлдеріңізді ештеңе күтіп тұрған жоқ. Жоспар мекенжайы арқылы ашылады: /console/ieps/ және жоспардың идентификаторы.
page-own-plans = Жоспарларыңыз
page-no-plans = Әзірге жоспар жоқ.
page-pages = Тізім беттері
page-first = Бірінші бет
page-next = Келесі бет
page-student = Студент
page-group = Топ
page-year = Оқу жылы
page-signed-last = Соңғы қолтаңба
page-revision-short = Редакция

page-filter = Іріктеу
page-filter-name = Тегі осылай басталады
page-filter-any = кез келген
page-filter-do = Көрсету
page-filter-clear = Барлығын көрсету
page-cause-of = Add/drop кезеңі
page-changed = add/drop кезінде өзгерген
page-not-changed = add/drop кезінде өзгермеген
page-chosen = Таңдау
page-choose = Жоспарды таңдау: { $student }
page-tick-all = Осы беттегінің бәрін таңдау
page-sign-chosen = Таңдалған жоспарларға қол қою
page-sign-chosen-note = Әр жоспарға осында көрсетілген редакциясы бойынша және жеке қол қойылады: біреуінен бас тартылса, қалғандарына қол қоюға кедергі болмайды.

## Не бұзылды
page-warned = Ескертуі бар жоспарлар
page-warned-caption = Оқылып жатқан пәнінің талаптары енді орындалмай тұрған жоспарлар
page-warned-none = Ескертуі бар жоспар жоқ.
page-warned-none-here = Осы бет үшін қаралған жоспарлардың ешқайсысында ескерту жоқ; келесі бетте тағы басқалары қаралады.

## Бірнешеуіне қол қою
page-outcomes = Қол қою нәтижесі
page-outcomes-count = Қол қойылғаны: { $all } жоспардың { $done } жоспарына
page-outcome = Нәтиже
page-outcome-signed = Қол қойылды
page-nothing-chosen = Бірде-бір жоспар таңдалмады; ештеңеге қол қойылған жоқ.
page-back-to-list = Тізімге оралу

## Жоспар
page-plan = Жеке оқу жоспары
page-status = Күйі
page-status-is = { $status ->
    [OPEN] Құрастырылып жатыр
    [SENT_BACK] Қайтарылды
    [AWAITING_ADVISOR] Эдвайзерді күтіп тұр
    [AWAITING_REGISTRAR] Тіркеушіні күтіп тұр
    [READY] Дайын
   *[other] { $status }
}
page-due = Кімнің қолтаңбасы керек
page-nobody = ешкімнің: барлығы қол қойды
page-role = { $role ->
    [STUDENT] студент
    [ADVISOR] эдвайзер
    [REGISTRAR] тіркеуші
   *[other] { $role }
}
page-revision-newest = Ең жаңа редакция
page-programme = Білім беру бағдарламасы
page-advisor = Эдвайзер
page-regulation = Регламент
page-credits = Оқу кезеңдері бойынша кредиттер
page-term = Оқу кезеңі
page-credits-plan = Жоспар
page-credits-fact = Факт
page-credits-remainder = Қалдық
page-warnings = Содан бері не бұзылды
page-warnings-count = { $count } ескерту

## Шешім
page-decide = Сіздің шешіміңіз
page-done = { $deed ->
    [sign] Қолтаңбаңыз тіркелді.
   *[other] Жоспар қайтарылды.
}
page-signs = Сіз { $role } ретінде дәл осы бетте көрсетілген { $revision }-редакцияға қол қоясыз.
page-sign = { $revision }-редакцияға қол қою
page-reason = Қайтару себебі
page-sends-back = Себебін студент оқиды. Осы редакция осымен аяқталады, ал келесісі сол пәндермен ашылады.
page-send-back = { $revision }-редакцияны қайтару

## Редакциялар
page-revision = { $number }-редакция
page-newest = ең жаңа
page-opened = Ашылған уақыты
page-by = Кім ашты
page-because = Неліктен
page-cause = { $cause ->
    [FIRST] Бірінші редакция
    [ADD_DROP] Add/drop кезеңіндегі өзгеріс
    [SENT_BACK] Алдыңғысы қайтарылды
    [REGISTRAR] Жоспарды тіркеуші өзгертті
   *[other] { $cause }
}
page-sent-back = Қайтарылды:
page-text-erased = (мәтін өшірілген)
page-differences = { $before }-редакциядан айырмашылықтар
page-no-differences = Айырмашылық жоқ.
page-change = { $kind ->
    [ADDED] Қосылды:
    [REMOVED] Алып тасталды:
    [MOVED] Ауыстырылды:
   *[other] { $kind }
}
page-change-where = { $kind ->
    [ADDED] «{ $to }» кезеңіне
    [REMOVED] «{ $from }» кезеңінен
   *[other] «{ $from }» кезеңінен «{ $to }» кезеңіне
}
page-subjects = Пәндер
page-no-subjects = Пән жоқ.
page-code = Коды
page-subject = Пән
page-credits-short = Кредит
page-total = Барлығы
page-lost-seat = Тіркеуші орнын алып қойды ({ $component } { $group }):
page-override = Кедергілерге қарамастан тіркеуші рұқсат берді:

## Қолдар
page-signatures = Қолтаңбалар
page-signatures-of = { $number }-редакцияның қолтаңбалары
page-no-signatures = Ешкім қол қойған жоқ.
page-signer-role = Рөлі
page-signer = Аты-жөні
page-signed-at = Қашан
page-hash-fits = Хеш сәйкес
page-holds = Күшінде
page-digest = SHA-256
page-yes = иә
page-no = жоқ
page-signed-bytes = Не нәрсеге қол қойылды
page-signed-bytes-note = Сақталған байт саны: { $bytes }, канондық JSON (RFC 8785). Мұнда ол оқуға ыңғайлы болуы үшін жолдарға бөлінген.
page-paper = PDF жүктеп алу
page-digest-anew = Осы байттардың бет жасалған сәтте есептелген SHA-256 мәні:

## Құжатты тексеру
page-check = Құжатты тексеру
page-check-code = Тексеру коды
page-check-help = Ол құжатта QR-кодтың жанында тұр: төрт таңбадан (әріп не цифр) тұратын төрт топ.
page-check-do = Тексеру
page-verdict = { $verdict ->
    [VALID] Жарамды
    [SUPERSEDED] Ауыстырылған
    [SENT_BACK] Қайтарылған
    [ERASED] Деректері өшірілген
    [BROKEN] Сәйкес емес
   *[other] { $verdict }
}
page-check-unknown = Мұндай коды бар құжат жоқ: кодты құжатпен салыстырыңыз.
page-check-slowed = Сіздің мекенжайыңыздан белгісіз кодтар тым көп келді. Бірнеше минуттан кейін қайталаңыз.
