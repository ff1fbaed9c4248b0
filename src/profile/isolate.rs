//! An isolated run of a profile: the same services under a project's name of its own.

use super::model::Profile;
use super::names;

impl Profile {
    /// The profile as the run with this id has it; what it borrows, it borrows of the same run.
    ///
    /// # Errors
    /// The project's name would be no name for a project: why.
    pub fn isolated(mut self, run: &str) -> Result<Self, String> {
        self.project = project(&self.project, run);
        if let Some(borrowed) = &mut self.borrowed {
            borrowed.project = project(&borrowed.project, run);
        }
        let owner = self.borrowed.iter().map(|borrowed| &borrowed.project);
        if let Some(name) = owner.chain([&self.project]).find(|name| !names::is_project(name)) {
            return Err(format!(
                "the isolated run `{run}` would have the project {name}, which is longer than 63 letters: use a shorter id"
            ));
        }
        Ok(self)
    }
}

fn project(project: &str, run: &str) -> String {
    format!("{project}-{run}")
}
