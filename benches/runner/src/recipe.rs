//! What gw asked the engine to make, so that the limit makes exactly the same.

use crate::Result;
use crate::recorder::Request;

/// The requests that make and start a project.
#[derive(Debug, Default)]
pub struct Recipe {
    /// Networks.
    pub networks: Vec<Request>,
    /// Volumes.
    pub volumes: Vec<Request>,
    /// Containers.
    pub containers: Vec<Item>,
}

/// One container.
#[derive(Debug)]
pub struct Item {
    /// Its name.
    pub name: String,
    /// Makes it.
    pub create: Request,
    /// Puts files into it: the content, and the path with its name in place of the id.
    pub files: Vec<Request>,
}

impl Recipe {
    /// Reads it from what gw sent; `containers` are names and ids of what was made by it.
    ///
    /// # Errors
    /// Something was made by a request that is none of those that are understood here.
    pub fn read(requests: &[Request], containers: &[(String, String)]) -> Result<Self> {
        let mut recipe = Self::default();
        for request in requests {
            let question = request.question();
            if question == "POST /networks/create" {
                recipe.networks.push(request.clone());
            } else if question == "POST /volumes/create" {
                recipe.volumes.push(request.clone());
            } else if let Some(query) = question.strip_prefix("POST /containers/create?") {
                let name = query.split('&').find_map(|pair| pair.strip_prefix("name=")).unwrap_or_default();
                recipe.containers.push(Item {
                    name: name.to_owned(),
                    create: request.clone(),
                    files: Vec::new(),
                });
            } else if question.starts_with("PUT /containers/") {
                let (name, id) = containers
                    .iter()
                    .find(|(_, id)| question.contains(id.as_str()))
                    .ok_or_else(|| format!("{question}: for an unknown container"))?;
                let target = request.target.replace(id, name);
                let item = recipe.containers.iter_mut().find(|item| item.name == *name);
                let item = item.ok_or_else(|| format!("{name} was not created"))?;
                item.files.push(Request { target, ..request.clone() });
            } else if !is_no_part(&question) {
                return Err(format!("{question}: the limit does not know what to do with it").into());
            }
        }
        if recipe.containers.is_empty() {
            return Err("gw made no container".into());
        }
        Ok(recipe)
    }
}

/// Looks, and starts, which the limit does by itself.
fn is_no_part(question: &str) -> bool {
    question.starts_with("GET ") || question.starts_with("HEAD ") || question.ends_with("/start")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(method: &str, target: &str) -> Request {
        Request { method: method.into(), target: target.into(), kind: String::new(), body: Vec::new() }
    }

    #[test]
    fn files_go_to_the_container_by_name() {
        let requests = [
            request("GET", "/v1.45/version"),
            request("POST", "/v1.45/networks/create"),
            request("POST", "/v1.45/containers/create?name=a-1&platform="),
            request("PUT", "/v1.45/containers/0123/archive?path=%2F"),
            request("POST", "/v1.45/containers/a-1/start"),
        ];
        let recipe = Recipe::read(&requests, &[("a-1".into(), "0123".into())]).expect("all is understood");
        assert_eq!((recipe.networks.len(), recipe.containers.len()), (1, 1));
        assert_eq!(recipe.containers[0].files[0].target, "/v1.45/containers/a-1/archive?path=%2F");
    }

    #[test]
    fn what_is_not_understood_is_no_limit() {
        let requests = [request("POST", "/v1.45/containers/0123/exec")];
        let error = Recipe::read(&requests, &[]).expect_err("an exec is no part").to_string();
        assert_eq!(error, "POST /containers/0123/exec: the limit does not know what to do with it");
    }
}
