//! GraphQL over HTTP by its specification: media types, statuses, methods.

use oqu::config::Config;
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

use crate::server::{Client, Server, account};

tests! { sqlite {
    an_answer_has_the_media_type_that_was_asked,
    fields_come_in_the_order_they_were_asked,
    the_status_tells_what_never_ran_where_the_media_type_allows,
    queries_may_come_by_get_and_nothing_else,
    a_body_is_json,
    the_page_is_for_people,
    a_refusal_is_told_in_the_readers_language,
} }

const GRAPHQL: &str = "application/graphql-response+json";

fn client(server: &Server) -> Client {
    server.nobody()
}

/// A request of any method.
fn request(server: &Server, method: Method, query: &[(&str, &str)]) -> RequestBuilder {
    let url = reqwest::Url::parse_with_params(server.url(), query).unwrap();
    reqwest::Client::new().request(method, url)
}

/// Status, media type and body.
async fn told(request: RequestBuilder) -> (StatusCode, String, Value) {
    let response = request.send().await.unwrap();
    let kind = response.headers().get("content-type").and_then(|kind| kind.to_str().ok());
    let kind = kind.unwrap_or_default().to_owned();
    let status = response.status();
    let body = response.text().await.unwrap();
    (status, kind, serde_json::from_str(&body).unwrap_or(Value::String(body)))
}

fn typename() -> String {
    json!({"query": "{ __typename }"}).to_string()
}

async fn an_answer_has_the_media_type_that_was_asked(config: Config) {
    let server = Server::start(&config);
    let json = "application/json; charset=utf-8";
    let graphql = "application/graphql-response+json; charset=utf-8";
    for (accept, expected) in [
        (None, json),
        (Some("*/*"), json),
        (Some("application/json"), json),
        (Some(GRAPHQL), graphql),
        (Some("application/graphql-response+json, application/json;q=0.9"), graphql),
        (Some("application/graphql-response+json;q=0.5, application/json"), json),
        (Some("text/plain, APPLICATION/JSON"), json),
        (Some("application/json;q=0, */*"), graphql),
        (Some("text/html, */*;q=0.1"), json),
    ] {
        let asked = client(&server).request(typename());
        let asked = match accept {
            Some(accept) => asked.header("Accept", accept),
            None => asked,
        };
        let (status, kind, body) = told(asked).await;
        assert_eq!((status.as_u16(), kind.as_str()), (200, expected), "{accept:?}");
        assert_eq!(body, json!({"data": {"__typename": "Query"}}));
    }
    for accept in ["text/plain", "text/html", "application/json;q=0"] {
        let asked = client(&server).request(typename()).header("Accept", accept);
        let (status, _, body) = told(asked).await;
        assert_eq!(status, StatusCode::NOT_ACCEPTABLE);
        assert_eq!(body["errors"][0]["extensions"]["code"], "NOT_ACCEPTABLE");
    }
}

async fn fields_come_in_the_order_they_were_asked(config: Config) {
    account(&config, "auditor", "auditor");
    let server = Server::start(&config);
    let query =
        json!({"query": "{ z: __typename a: __typename m: __schema { queryType { name } } }"});
    let answer = client(&server).request(query.to_string()).send().await.unwrap();
    let expected = r#"{"data":{"z":"Query","a":"Query","m":{"queryType":{"name":"Query"}}}}"#;
    assert_eq!(answer.text().await.unwrap(), expected);
    // Also where one waits for the database and its neighbour does not, and where fragments part them.
    let query = "{ slow: log { head: chain ...P at: position ... on LogHead { z: position } }
        fast: __typename } fragment P on LogHead { p: position }";
    let auditor = server.sign_in("auditor").await;
    let answer = auditor.request(json!({"query": query}).to_string()).send().await.unwrap();
    let answer = answer.text().await.unwrap();
    let places: Vec<_> = ["slow", "head", "p", "at", "z", "fast"]
        .iter()
        .map(|key| answer.find(&format!("\"{key}\":")).unwrap())
        .collect();
    assert!(places.is_sorted(), "{answer}");
}

async fn the_status_tells_what_never_ran_where_the_media_type_allows(config: Config) {
    account(&config, "auditor", "auditor");
    let server = Server::start(&config);
    let coercion = json!({
        "query": "query($id: ID!) { student(id: $id) { id } }", "variables": {"id": null},
    });
    let left_out = json!({"query": "query($id: ID!) { student(id: $id) { id } }"});
    let document = |query: &str| json!({"query": query});
    for never_ran in [document("{"), document("{ nothing }"), coercion, left_out] {
        let ask = |accept: &'static str| {
            client(&server).request(never_ran.to_string()).header("Accept", accept)
        };
        let (status, _, body) = told(ask(GRAPHQL)).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{never_ran}");
        assert!(body.get("data").is_none() && body["errors"].is_array(), "{body}");
        let (status, _, body) = told(ask("application/json")).await;
        assert_eq!(status, StatusCode::OK, "{never_ran}");
        assert!(body["errors"].is_array());
    }
    // What ran has data, though a field of it failed.
    let asked = client(&server).request(json!({"query": "{ me { id } }"}).to_string());
    let (status, _, body) = told(asked.header("Accept", GRAPHQL)).await;
    assert_eq!((status, &body["data"]), (StatusCode::OK, &json!({"me": null})));
    assert_eq!(body["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
}

async fn queries_may_come_by_get_and_nothing_else(config: Config) {
    let server = Server::start(&config);
    let get = |query: &[(&str, &str)]| request(&server, Method::GET, query);
    let named = [
        (
            "query",
            "query A($name: String!) { __type(name: $name) { name } } query B { __typename }",
        ),
        ("operationName", "A"),
        ("variables", r#"{"name": "Student"}"#),
        ("extensions", "{}"),
    ];
    let (status, _, body) = told(get(&named)).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(body["data"]["__type"]["name"], "Student");

    let mutation = [("query", "mutation { signOut(input: {}) { signedOut } }")];
    let (status, _, body) = told(get(&mutation)).await;
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(body["errors"][0]["extensions"]["code"], "BAD_REQUEST_METHOD");
    let response = get(&mutation).send().await.unwrap();
    assert_eq!(response.headers()["allow"], "POST");
    // The name of a query does not let a mutation beside it through.
    let beside = [
        ("query", "query Q { __typename } mutation M { signOut(input: {}) { signedOut } }"),
        ("operationName", "M"),
    ];
    assert_eq!(told(get(&beside)).await.0, StatusCode::METHOD_NOT_ALLOWED);

    for unreadable in [
        &[][..],
        &[("query", "{ __typename }"), ("variables", "[1]")],
        &[("query", "{ __typename }"), ("variables", "{")],
        &[("query", "{ __typename }"), ("extensions", "0")],
    ] {
        let (status, _, body) = told(get(unreadable)).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{unreadable:?}");
        assert_eq!(body["errors"][0]["extensions"]["code"], "BODY_NOT_GRAPHQL");
    }
    let (status, ..) = told(request(&server, Method::PUT, &[])).await;
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
}

async fn a_body_is_json(config: Config) {
    let server = Server::start(&config);
    let post = |kind: Option<&'static str>| {
        let asked = request(&server, Method::POST, &[]).body(typename());
        match kind {
            Some(kind) => asked.header("Content-Type", kind),
            None => asked,
        }
    };
    for kind in ["application/json", "Application/JSON; charset=UTF-8"] {
        assert_eq!(told(post(Some(kind))).await.0, StatusCode::OK, "{kind}");
    }
    let form = "application/x-www-form-urlencoded";
    for kind in [None, Some("text/plain"), Some(form), Some("application/json; charset=cp1251")] {
        let (status, _, body) = told(post(kind)).await;
        assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{kind:?}");
        assert_eq!(body["errors"][0]["extensions"]["code"], "BODY_NOT_JSON");
    }
    for wrong in [
        json!({"quer": "{ __typename }"}),
        json!({"query": 0}),
        json!({"query": "{ __typename }", "operationName": []}),
        json!({"query": "{ __typename }", "variables": "name"}),
        json!({"query": "{ __typename }", "extensions": false}),
    ] {
        let (status, _, body) = told(client(&server).request(wrong.to_string())).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{wrong}");
        assert_eq!(body["errors"][0]["extensions"]["code"], "BODY_NOT_GRAPHQL");
    }
    let nulls = json!({
        "query": "{ __typename }", "operationName": null, "variables": null, "extensions": null,
    });
    let (status, _, body) = told(client(&server).request(nulls.to_string())).await;
    assert_eq!((status, body["data"]["__typename"].as_str()), (StatusCode::OK, Some("Query")));
}

async fn the_page_is_for_people(config: Config) {
    let page = async |server: &Server| {
        let asked = request(server, Method::GET, &[]);
        told(asked.header("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")).await
    };
    let server = Server::start(&config);
    let (status, kind, body) = page(&server).await;
    assert_eq!((status, kind.as_str()), (StatusCode::OK, "text/html; charset=utf-8"));
    assert!(body.as_str().is_some_and(|page| page.contains("GraphiQL")));
    drop(server);
    let server = Server::with(&config, &[("OQU_DEVELOPMENT", "false")]);
    assert_eq!(page(&server).await.0, StatusCode::BAD_REQUEST);
}

async fn a_refusal_is_told_in_the_readers_language(config: Config) {
    let server = Server::start(&config);
    for (wanted, said) in [
        (None, "Login or password is wrong."),
        (Some("kk-KZ, ru;q=0.8"), "Логин немесе құпиясөз қате."),
        (Some("en;q=0.5, ru"), "Неверный логин или пароль."),
        (Some("de"), "Login or password is wrong."),
    ] {
        let variables = json!({"login": "nobody", "password": "whatever it is"});
        let mut asked = client(&server).operation("SignIn", variables);
        if let Some(wanted) = wanted {
            asked = asked.header("accept-language", wanted);
        }
        let (_, _, body) = told(asked).await;
        let error = &body["data"]["signIn"]["userErrors"][0];
        assert_eq!((&error["code"], &error["message"]), (&json!("SIGN_IN_FAILED"), &json!(said)));
    }
}
