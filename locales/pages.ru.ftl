# Что написано на страницах консоли.

## Вокруг каждой страницы
page-skip = К содержанию
page-navigation = Консоль
page-languages = Язык
page-home = На главную
page-sign-out = Выйти
page-read-at = Учтены записи журнала до позиции { $position }.
page-times = Время указано по часовому поясу { $zone }.

## Вход
page-sign-in = Войти
page-login = Логин
page-password = Пароль

## Чего показать нельзя
page-failure-title = { $code ->
    [FORBIDDEN] Доступ закрыт
    [FORM_NOT_YOURS] Это не ваша форма
    [NOT_FOUND] Здесь ничего нет
    [METHOD_NOT_ALLOWED] Здесь ничего нет
    [BAD_INPUT] Это невозможно прочитать
    [IEP_PAPER_NOT_READY] Подписали не все
    [BUSY] Слишком много запросов
    [UNAVAILABLE] Сейчас недоступно
    [OUTCOME_UNKNOWN] Возможно, действие выполнено
    [POSITION_NOT_REACHED] Ещё мгновение
    [TIMED_OUT] Ответ занял слишком много времени
   *[other] Что-то пошло не так
}
page-failure = { $code ->
    [FORBIDDEN] Ваши роли этого не позволяют.
    [FORM_NOT_YOURS] Эта форма выдана не вам или до вашего входа. Ничего не сделано: откройте страницу заново и отправьте форму с неё.
    [NOT_FOUND] Такой страницы или такого плана нет.
    [METHOD_NOT_ALLOWED] Такой страницы или такого плана нет.
    [BAD_INPUT] Отправленное невозможно прочитать. Ничего не сделано.
    [IEP_PAPER_NOT_READY] Эту редакцию подписали ещё не все: документа по ней нет.
    [BUSY] Сейчас слишком много запросов. Ничего не сделано: повторите чуть позже.
    [UNAVAILABLE] База данных сейчас не отвечает. Ничего не сделано: повторите чуть позже.
    [OUTCOME_UNKNOWN] Связь прервалась во время записи: возможно, действие выполнено. Откройте страницу заново и проверьте.
    [POSITION_NOT_REACHED] Сделанное записано, но показать его пока нельзя. Обновите страницу чуть позже.
    [TIMED_OUT] Ответ занял слишком много времени. Откройте страницу заново и проверьте, выполнено ли действие.
   *[other] Что-то пошло не так на нашей стороне; подробности в журнале сервера.
}
page-failure-code = Код:

## Что ожидает
page-waiting = Что ждёт вас
page-waiting-caption = Планы, которые ждут вашей подписи; сначала те, что ждут дольше всех
page-waiting-count = Всего ожидает: { $count }
page-nothing-of-yours = Для ваших ролей ничто не ожидает. План открывается по адресу: /console/ieps/ и идентификатор плана.
page-own-plans = Ваши планы
page-no-plans = Плана пока нет.
page-pages = Страницы списка
page-first = Первая страница
page-next = Следующая страница
page-student = Студент
page-group = Группа
page-year = Учебный год
page-signed-last = Последняя подпись
page-revision-short = Редакция

page-filter = Отбор
page-filter-name = Фамилия начинается с
page-filter-any = не важно
page-filter-do = Показать
page-filter-clear = Показать все
page-cause-of = Период add/drop
page-changed = план изменён в add/drop
page-not-changed = план не менялся в add/drop
page-chosen = Выбор
page-choose = Выбрать план: { $student }
page-tick-all = Выбрать все на этой странице
page-sign-chosen = Подписать выбранные планы
page-sign-chosen-note = Каждый план подписывается в показанной здесь редакции и отдельно: отказ по одному не мешает подписать остальные.

## Что пошло не так
page-warned = Планы с предупреждениями
page-warned-caption = Планы, в которых для изучаемой дисциплины больше не выполнены её условия
page-warned-none = Планов с предупреждениями нет.
page-warned-none-here = Среди планов, просмотренных для этой страницы, предупреждений нет; на следующей будут просмотрены другие.

## Подпись нескольких
page-outcomes = Результат подписания
page-outcomes-count = Подписано: { $done } из { $all }
page-outcome = Результат
page-outcome-signed = Подписан
page-nothing-chosen = Ни один план не выбран; ничего не подписано.
page-back-to-list = Назад к списку

## План
page-plan = Индивидуальный учебный план
page-status = Состояние
page-status-is = { $status ->
    [OPEN] Составляется
    [SENT_BACK] Возвращён
    [AWAITING_ADVISOR] Ожидает эдвайзера
    [AWAITING_REGISTRAR] Ожидает регистратора
    [READY] Готов
   *[other] { $status }
}
page-due = Чья подпись нужна
page-nobody = ничья: подписали все
page-role = { $role ->
    [STUDENT] студент
    [ADVISOR] эдвайзер
    [REGISTRAR] регистратор
   *[other] { $role }
}
page-revision-newest = Новейшая редакция
page-programme = Образовательная программа
page-advisor = Эдвайзер
page-regulation = Регламент
page-credits = Кредиты по учебным периодам
page-term = Учебный период
page-credits-plan = План
page-credits-fact = Факт
page-credits-remainder = Остаток
page-warnings = Что с тех пор пошло не так
page-warnings-count = { $count ->
    [one] { $count } предупреждение
    [few] { $count } предупреждения
   *[other] { $count } предупреждений
}

## Решение
page-decide = Ваше решение
page-done = { $deed ->
    [sign] Ваша подпись внесена.
   *[other] План возвращён.
}
page-signs = Вы подписываете как { $role } именно редакцию { $revision }, показанную на этой странице.
page-sign = Подписать редакцию { $revision }
page-reason = Причина возврата
page-sends-back = Причину прочтёт студент. Эта редакция на этом закончится, а следующая откроется с теми же дисциплинами.
page-send-back = Вернуть редакцию { $revision }

## Редакции
page-revision = Редакция { $number }
page-newest = новейшая
page-opened = Открыта
page-by = Кем
page-because = Почему
page-cause = { $cause ->
    [FIRST] Первая редакция
    [ADD_DROP] Изменение в период add/drop
    [SENT_BACK] Предыдущая возвращена
    [REGISTRAR] План изменил регистратор
   *[other] { $cause }
}
page-sent-back = Возвращена:
page-text-erased = (текст удалён)
page-differences = Отличия от редакции { $before }
page-no-differences = Отличий нет.
page-change = { $kind ->
    [ADDED] Добавлено:
    [REMOVED] Убрано:
    [MOVED] Перенесено:
   *[other] { $kind }
}
page-change-where = { $kind ->
    [ADDED] в период «{ $to }»
    [REMOVED] из периода «{ $from }»
   *[other] из периода «{ $from }» в период «{ $to }»
}
page-subjects = Дисциплины
page-no-subjects = Дисциплин нет.
page-code = Код
page-subject = Дисциплина
page-credits-short = Кредиты
page-total = Всего
page-lost-seat = Регистратор забрал место ({ $component } { $group }):
page-override = Регистратор допустил, несмотря на препятствия:

## Подписи
page-signatures = Подписи
page-signatures-of = Подписи редакции { $number }
page-no-signatures = Никто не подписал.
page-signer-role = В роли
page-signer = Имя
page-signed-at = Когда
page-hash-fits = Хеш сходится
page-holds = Действует
page-digest = SHA-256
page-yes = да
page-no = нет
page-signed-bytes = Что было подписано
page-signed-bytes-note = Хранится байтов: { $bytes }, канонический JSON (RFC 8785). Здесь он разбит на строки для чтения.
page-paper = Скачать PDF
page-digest-anew = SHA-256 этих байтов, вычисленный при создании этой страницы:

## Проверка документа
page-check = Проверка документа
page-check-code = Код проверки
page-check-help = Он указан на документе рядом с QR-кодом: четыре группы по четыре знака (буквы и цифры).
page-check-do = Проверить
page-verdict = { $verdict ->
    [VALID] Действителен
    [SUPERSEDED] Заменён
    [SENT_BACK] Возвращён
    [ERASED] Данные удалены
    [BROKEN] Не сходится
   *[other] { $verdict }
}
page-check-unknown = Документа с таким кодом нет: сверьте код с документом.
page-check-slowed = С вашего адреса пришло слишком много неизвестных кодов. Повторите через несколько минут.
