//! What goes wrong, told in the reader's language: at the top of an answer, and over HTTP.

use oqu::config::Config;
use reqwest::{RequestBuilder, multipart::Part};
use serde_json::{Value, json};

use crate::{
    campus::Campus,
    server::{Client, Server, text},
    streams::{Events, Socket},
};

tests! {
    both {
        what_goes_wrong_is_told_in_the_readers_language,
        whoever_tries_too_often_is_told_so_in_their_language,
    }
    sqlite {
        what_is_no_request_is_told_so_in_the_readers_language,
        what_the_library_refuses_is_told_in_the_readers_language_beside_its_own_words,
        what_goes_wrong_while_following_is_told_in_the_readers_language,
    }
}

const NOBODY: &str = "00000000-0000-0000-0000-000000000001";

/// Of an answer the code and the message of its first error, and its language where it says one.
async fn told(request: RequestBuilder, language: &str) -> (String, String, Option<String>) {
    let response = request.header("Accept-Language", language).send().await.unwrap();
    let stated = response.headers().get("content-language");
    let stated = stated.map(|language| language.to_str().unwrap().to_owned());
    let error = response.json::<Value>().await.unwrap()["errors"][0].clone();
    (text(&error["extensions"]["code"]), text(&error["message"]), stated)
}

/// That it is told in Russian and in Kazakh, by that code.
async fn is_told(request: impl Fn() -> RequestBuilder, code: &str, russian: &str, kazakh: &str) {
    for (language, wanted) in [("ru-RU, en;q=0.5", russian), ("kk", kazakh)] {
        let (told, message, _) = told(request(), language).await;
        assert_eq!((&*told, &*message), (code, wanted), "{language}");
    }
}

async fn what_goes_wrong_is_told_in_the_readers_language(config: Config) {
    let campus = Campus::open(&config).await;
    let student = campus.student("Қанатов").await;
    let nobody = campus.server.nobody();
    let (code, ru, kk) =
        ("UNAUTHENTICATED", "Сначала войдите в систему.", "Алдымен жүйеге кіріңіз.");
    is_told(|| nobody.operation("Me", json!({})), code, ru, kk).await;
    is_told(|| nobody.file(NOBODY), code, ru, kk).await;
    let (code, ru, kk) =
        ("FORBIDDEN", "Ваши роли этого не позволяют.", "Рөліңіз бұған рұқсат бермейді.");
    is_told(|| student.operation("LogHead", json!({})), code, ru, kk).await;
    let unknown = || student.operation("query { stream(id: \"$\") { id } }", json!({}));
    is_told(unknown, "BAD_INPUT", "Это не идентификатор.", "Бұл идентификатор емес.").await;
    let query = format!("query {{ stream(id: \"{NOBODY}\") {{ id }} }}");
    let (code, ru, kk) =
        ("NOT_FOUND", "С таким идентификатором ничего нет.", "Мұндай идентификатормен ештеңе жоқ.");
    is_told(|| student.operation(&query, json!({})), code, ru, kk).await;
    let (ru, kk) = ("Такого файла нет.", "Мұндай файл жоқ.");
    is_told(|| student.file(NOBODY), code, ru, kk).await;
    let (ru, kk) = ("Такого календаря нет.", "Мұндай күнтізбе жоқ.");
    is_told(|| nobody.get("/calendar/guessed.ics"), code, ru, kk).await;
    let (ru, kk) = ("Документа с таким кодом нет.", "Мұндай коды бар құжат жоқ.");
    let false_code = json!({"code": "0000-0000-0000-0000"});
    is_told(|| nobody.operation("CheckPaper", false_code.clone()), code, ru, kk).await;
    let many = json!({"term": NOBODY, "many": vec![NOBODY; 51]});
    let query = "query($term: ID!, $many: [ID!]!) {
        whatIf(termId: $term, subjectIds: $many) { allowed } }";
    let ru = "Вместе рассматривают не более 50 дисциплин и 50 потоков.";
    let kk = "Бірге ең көбі 50 пән мен 50 ағын қаралады.";
    is_told(|| student.operation(query, many.clone()), "BAD_INPUT", ru, kk).await;
    let ahead = || student.operation("Me", json!({})).header("Oqu-After-Position", "first");
    let ru = "В Oqu-After-Position указана не позиция журнала.";
    let kk = "Oqu-After-Position тақырыбында журнал орны көрсетілмеген.";
    is_told(ahead, "BAD_INPUT", ru, kk).await;
    let paper = || student.get(&format!("/ieps/{NOBODY}/1.pdf?lang=xx"));
    let (ru, kk) = ("`lang` - одно из значений: en, kk, ru.", "`lang` мынаның бірі: en, kk, ru.");
    is_told(paper, "BAD_INPUT", ru, kk).await;
    // Whoever wants none of the languages gets English, and what is refused says in which it is.
    let (_, message, _) = told(nobody.operation("Me", json!({})), "fr").await;
    assert_eq!(message, "Sign in first.");
    let (_, _, language) = told(student.file(NOBODY), "kk").await;
    assert_eq!(language.as_deref(), Some("kk"));
}

async fn whoever_tries_too_often_is_told_so_in_their_language(config: Config) {
    let campus = Campus::open(&config).await;
    campus.student("Қанатов").await;
    let nobody = campus.server.nobody();
    let wrong = json!({"login": "қанатов", "password": "wrong and wrong"});
    for _ in 0..5 {
        assert_eq!(nobody.refused("SignIn", wrong.clone()).await, "SIGN_IN_FAILED");
    }
    // The fifth failure and each behind it slow the next down, and what is slowed down is none.
    let language = |language| {
        let request = nobody.operation("SignIn", wrong.clone());
        request.header("Accept-Language", language)
    };
    let mut slowed = Vec::new();
    for tongue in ["ru", "kk", "ru", "kk", "ru", "kk"] {
        let answer = crate::server::answer(language(tongue)).await.unwrap();
        let error = answer.root()["userErrors"][0].clone();
        if error["code"] == "SIGN_IN_SLOWED" {
            slowed.push((tongue, text(&error["message"])));
        }
    }
    for (tongue, begins) in [("ru", "Слишком много неудачных попыток"), ("kk", "Сәтсіз кіру")]
    {
        let message = slowed.iter().find(|(language, _)| *language == tongue);
        assert!(message.is_some_and(|(_, told)| told.starts_with(begins)), "{slowed:?}");
    }
    // As if somebody had guessed at papers for long.
    let code = json!({"code": "0000-0000-0000-0000"});
    let server = guessed(campus, &config, &code).await;
    let nobody = server.nobody();
    for (language, begins, ends) in [
        ("ru", "Слишком много неизвестных кодов: повторите через ", " с."),
        ("kk", "Белгісіз кодтар тым көп: ", " секундтан кейін қайталаңыз."),
    ] {
        let (code, message, _) = told(nobody.operation("CheckPaper", code.clone()), language).await;
        assert_eq!(code, "CHECKS_SLOWED");
        assert!(message.starts_with(begins) && message.ends_with(ends), "{message}");
    }
}

/// The server again, after a code of a paper that there is none of was tried very often.
async fn guessed(mut campus: Campus, config: &Config, code: &Value) -> Server {
    let nobody = campus.server.nobody();
    assert_eq!(nobody.refused("CheckPaper", code.clone()).await, "NOT_FOUND");
    campus.server.kill();
    let (database, lock) = config.location().open().await.unwrap();
    let went_on = "UPDATE sign_in_failures SET failures = failures + 109 \
                   WHERE subject LIKE 'checks:%'";
    assert_eq!(database.execute(went_on, &[]).await.unwrap(), 1);
    drop((database, lock));
    Server::start(config)
}

async fn what_is_no_request_is_told_so_in_the_readers_language(config: Config) {
    let campus = Campus::with(&config, &[("OQU_MAX_BODY_BYTES", "20000")]).await;
    let student = campus.student("Қанатов").await;
    let long = json!({"query": "{ __typename }", "variables": {"long": "x".repeat(20_000)}});
    let (ru, kk) = (
        "Тело запроса больше 20000 байт или оборвалось.",
        "Сұрау денесі 20000 байттан үлкен немесе үзіліп қалды.",
    );
    is_told(|| student.request(long.to_string()), "BODY_TOO_LARGE", ru, kk).await;
    let list = || student.request("[]");
    for (language, wanted) in
        [("ru", "Запрос нельзя прочитать."), ("kk", "Сұрауды оқу мүмкін емес.")]
    {
        let (code, message, stated) = told(list(), language).await;
        assert_eq!((&*code, stated.as_deref()), ("BODY_NOT_GRAPHQL", Some(language)));
        assert_eq!(message, wanted);
    }
    // What a library says of it stands beside.
    let unreadable: Value = list().send().await.unwrap().json().await.unwrap();
    assert_eq!(unreadable["errors"][0]["extensions"]["detail"], "it is no JSON object");
    let media = || student.operation("Me", json!({})).header("Accept", "image/png");
    let ru = "Ответы бывают в форматах application/graphql-response+json, application/json и \
              text/event-stream.";
    let kk = "Жауаптар application/graphql-response+json, application/json немесе \
              text/event-stream пішімінде беріледі.";
    is_told(media, "NOT_ACCEPTABLE", ru, kk).await;
    let mutation = [("query", "mutation { signOut(input: {}) { signedOut } }")];
    let by_get = || student.get("/graphql").query(&mutation);
    let ru = "Мутацию нельзя запросить методом GET: отправьте её методом POST.";
    let kk = "Мутация GET әдісімен сұралмайды: POST әдісімен жіберіңіз.";
    is_told(by_get, "BAD_REQUEST_METHOD", ru, kk).await;
    // Nobody uploads without a token.
    let file = || Part::bytes(vec![1]).file_name("a.pdf");
    let upload = || campus.server.nobody().upload("UploadThesisWork", json!({}), file());
    let (ru, kk) = ("Сначала войдите в систему.", "Алдымен жүйеге кіріңіз.");
    is_told(upload, "UNAUTHENTICATED", ru, kk).await;
    let part = || {
        let form = reqwest::multipart::Form::new().text("operations", "x".repeat(20_001));
        let request = reqwest::Client::new().post(campus.server.url()).multipart(form);
        request.header("GraphQL-Preflight", "1").bearer_auth(student.token.clone().unwrap())
    };
    let ru = "Часть `operations` больше 20000 байт.";
    let kk = "`operations` бөлігі 20000 байттан үлкен.";
    is_told(part, "BODY_TOO_LARGE", ru, kk).await;
}

/// By POST, by GET and on a socket; what the library says stands in the answer as it says it.
async fn what_the_library_refuses_is_told_in_the_readers_language_beside_its_own_words(
    config: Config,
) {
    let campus = Campus::open(&config).await;
    let student = campus.student("Қанатов").await;
    let token = format!("Bearer {}", student.token.as_deref().unwrap());
    let deep = format!("{{ me {}{} }}", "{ student { advisor ".repeat(60), "} }".repeat(60));
    for (query, code, own, ru, kk) in [
        ("{ me { id }", "BAD_QUERY", "-->", "Запрос не удалось прочитать.", "Сұрау оқылмады."),
        (
            "{ me { shoeSize } }",
            "BAD_QUERY",
            "shoeSize",
            "Запрос не соответствует тому, что здесь можно запросить.",
            "Сұрау мұнда сұрауға болатынға сәйкес келмейді.",
        ),
        (
            "{ student { id } }",
            "BAD_QUERY",
            "id",
            "Запрос не соответствует тому, что здесь можно запросить.",
            "Сұрау мұнда сұрауға болатынға сәйкес келмейді.",
        ),
        (
            "{ calendar(filter: {from: \"yesterday\"}) { id } }",
            "BAD_INPUT",
            "Date",
            "Одно из значений не того типа, который здесь нужен.",
            "Мәндердің бірі өз орнына лайық түрде берілмеген.",
        ),
        (
            "{ calendar(filter: {kinds: [PARTY]}) { id } }",
            "BAD_INPUT",
            "PARTY",
            "Значения `PARTY` для `filter.kinds.0` не бывает.",
            "`filter.kinds.0` үшін `PARTY` деген мән жоқ.",
        ),
        (
            &deep,
            "QUERY_TOO_DEEP",
            "recursion limit",
            "Запрос вложен слишком глубоко.",
            "Сұраудың бөліктері бір-біріне тым терең салынған.",
        ),
    ] {
        let post = || student.operation(query, json!({}));
        let get = || student.get("/graphql").query(&[("query", query)]);
        is_told(post, code, ru, kk).await;
        is_told(get, code, ru, kk).await;
        let mut socket = Socket::open(Socket::request(campus.server.url())).await.unwrap();
        let payload = json!({"Authorization": token, "Accept-Language": "kk"});
        socket.say(json!({"type": "connection_init", "payload": payload})).await;
        assert_eq!(socket.hear().await, json!({"type": "connection_ack"}));
        socket.follow("one", query, json!({})).await;
        // What never ran is an error alone, a field that could not an answer with one.
        let told = socket.hear().await["payload"].clone();
        let error = told.get(0).unwrap_or(&told["errors"][0]).clone();
        assert_eq!((&error["message"], &error["extensions"]["code"]), (&json!(kk), &json!(code)));
        let detail = text(&error["extensions"]["detail"]);
        assert!(detail.contains(own), "{own}: {detail}");
    }
    // Of a value in a variable too it is said which one it is.
    let query =
        "mutation($input: SetCurriculumInput!) { setCurriculum(input: $input) { pending } }";
    let (field, of) = ("input.groups.0.name", json!({"subjects": []}));
    let missing = json!({"input": {"programmeId": "x", "year": 2026, "groups": [of]}});
    let ru = format!("Поле `{field}` не указано, а значение у него должно быть.");
    let kk = format!("`{field}` өрісі көрсетілмеген, ал оның мәні болуы керек.");
    is_told(|| student.operation(query, missing.clone()), "BAD_INPUT", &ru, &kk).await;
    let titles = json!([{"language": "LATIN", "text": "X"}]);
    let unknown = json!({"input": {"programmeId": "x", "title": "X", "titles": titles}});
    let query = "mutation($input: ReviseProgrammeInput!) {
        reviseProgramme(input: $input) { pending } }";
    let (ru, kk) = (
        "Значения `LATIN` для `input.titles.0.language` не бывает.",
        "`input.titles.0.language` үшін `LATIN` деген мән жоқ.",
    );
    is_told(|| student.operation(query, unknown.clone()), "BAD_INPUT", ru, kk).await;
    // What is ours to say stands alone.
    let ours = student.operation("query { stream(id: \"$\") { id } }", json!({}));
    let ours: Value = ours.send().await.unwrap().json().await.unwrap();
    assert_eq!(ours["errors"][0]["extensions"], json!({"code": "BAD_INPUT"}));
}

async fn what_goes_wrong_while_following_is_told_in_the_readers_language(config: Config) {
    let campus = Campus::open(&config).await;
    let student = campus.student("Қанатов").await;
    let query = "subscription($iep: ID!) { iepChanged(iepId: $iep) { position } }";
    let request = |client: &Client| {
        let asked = client.operation(query, json!({"iep": NOBODY}));
        asked.header("Accept-Language", "kk")
    };
    let mut events = Events::of(request(&student)).await;
    let (_, ended) = events.next().await.unwrap();
    assert_eq!(ended["errors"][0]["message"], "Мұндай идентификатормен ештеңе жоқ.");

    let mut socket = Socket::open(Socket::request(campus.server.url())).await.unwrap();
    let token = format!("Bearer {}", student.token.as_deref().unwrap());
    let payload = json!({"Authorization": token, "Accept-Language": "ru"});
    socket.say(json!({"type": "connection_init", "payload": payload})).await;
    assert_eq!(socket.hear().await, json!({"type": "connection_ack"}));
    socket.follow("one", query, json!({"iep": NOBODY})).await;
    let ended = socket.hear().await;
    assert_eq!(ended["payload"][0]["message"], "С таким идентификатором ничего нет.");
    let nul = json!({"query": "{ __typename }", "variables": {"nul": "a\u{0}"}});
    socket.say(json!({"id": "two", "type": "subscribe", "payload": nul})).await;
    let ended = socket.hear().await;
    assert_eq!(ended["payload"][0]["message"], "В тексте есть символ U+0000.");
}
