//! Holds the AWS template to what the functions need and to what the product promises: the variables that
//! they read, encryption, no public access, least privilege, and no event lost.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{collections::BTreeMap, fs};

use functions::context::Config;
use serde_norway::Value;

const FUNCTIONS: [&str; 5] =
    ["ApiFunction", "CheckFunction", "ApplyFunction", "InviteFunction", "SweepFunction"];

/// SES knows no resource for this action: the rate and the quota are the account's.
const WITHOUT_RESOURCE: &str = "ses:GetSendQuota";

/// How every action on the table begins.
const TABLE_ACTIONS: &str = "dynamodb:";

struct Template(Value);

impl Template {
    fn read() -> Self {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../infra/aws/template.yaml");
        let template: Value = serde_norway::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        Self(plain(template))
    }

    fn resources(&self, kind: &str) -> BTreeMap<&str, &Value> {
        let all = self.0["Resources"].as_mapping().unwrap();
        all.iter()
            .filter(|(_, resource)| resource["Type"] == kind)
            .map(|(name, resource)| (name.as_str().unwrap(), &resource["Properties"]))
            .collect()
    }

    /// The statements of the role that the function runs under.
    fn statements(&self, function: &str) -> Vec<&Value> {
        let role = self.resources("AWS::Serverless::Function")[function]["Role"].as_str().unwrap();
        let role = role.strip_suffix(".Arn").unwrap();
        let policies = self.resources("AWS::IAM::Role")[role]["Policies"].as_sequence().unwrap();
        policies.iter().flat_map(|policy| list(&policy["PolicyDocument"]["Statement"])).collect()
    }
}

/// The tree without CloudFormation's tags: `!GetAtt Table.Arn` reads as `Table.Arn`.
fn plain(value: Value) -> Value {
    match value {
        Value::Tagged(tagged) => plain(tagged.value),
        Value::Sequence(items) => items.into_iter().map(plain).collect(),
        Value::Mapping(entries) => {
            Value::Mapping(entries.into_iter().map(|(name, value)| (name, plain(value))).collect())
        }
        other => other,
    }
}

/// CloudFormation writes a list of one without the list.
fn list(value: &Value) -> Vec<&Value> {
    value.as_sequence().map_or_else(|| vec![value], |items| items.iter().collect())
}

fn words(value: &Value) -> Vec<&str> {
    list(value).into_iter().map(|word| word.as_str().unwrap()).collect()
}

#[test]
fn it_deploys_the_five_functions() {
    let template = Template::read();
    let functions = template.resources("AWS::Serverless::Function");
    let mut names: Vec<&str> = functions.keys().copied().collect();
    names.sort_by_key(|name| FUNCTIONS.iter().position(|function| function == name));
    assert_eq!(names, FUNCTIONS);
    for (name, function) in functions {
        let binary = function["CodeUri"].as_str().unwrap().rsplit('/').next().unwrap();
        assert_eq!(name.strip_suffix("Function").unwrap().to_lowercase(), binary);
    }
}

#[test]
fn every_variable_that_the_functions_read_is_set_for_each() {
    let template = Template::read();
    let shared = &template.0["Globals"]["Function"]["Environment"]["Variables"];
    for (name, function) in template.resources("AWS::Serverless::Function") {
        for variable in Config::VARIABLES {
            let own = &function["Environment"]["Variables"][variable];
            assert!(own.is_string() || shared[variable].is_string(), "{name} is not told {variable}");
        }
    }
}

#[test]
fn no_function_may_do_everything_or_touch_everything() {
    let template = Template::read();
    for function in FUNCTIONS {
        for statement in template.statements(function) {
            let actions = words(&statement["Action"]);
            assert!(actions.iter().all(|action| !action.contains('*')), "{function}: {actions:?}");
            if actions != [WITHOUT_RESOURCE] {
                let resources = words(&statement["Resource"]);
                assert!(!resources.contains(&"*"), "{function} may do {actions:?} to anything");
            }
        }
    }
}

#[test]
fn roles_belong_to_one_function_each_and_carry_no_policy_of_others() {
    let template = Template::read();
    let functions = template.resources("AWS::Serverless::Function");
    let mut roles: Vec<&str> =
        functions.values().map(|function| function["Role"].as_str().unwrap()).collect();
    roles.sort_unstable();
    roles.dedup();
    assert_eq!(roles.len(), FUNCTIONS.len());
    for (name, role) in template.resources("AWS::IAM::Role") {
        assert!(role["ManagedPolicyArns"].is_null(), "{name} has a policy that is not written here");
    }
}

#[test]
fn the_table_is_reached_by_named_keys_only() {
    let template = Template::read();
    for function in FUNCTIONS {
        for statement in template.statements(function) {
            let actions = words(&statement["Action"]);
            if actions.iter().any(|action| action.starts_with(TABLE_ACTIONS)) {
                let keys = &statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"];
                assert!(!words(keys).contains(&"*"), "{function}: {keys:?}");
                assert!(!actions.contains(&"dynamodb:Scan"), "{function} may read the whole table");
            }
        }
    }
}

#[test]
fn the_api_reaches_people_and_neither_schools_nor_the_lease() {
    let template = Template::read();
    for statement in template.statements("ApiFunction") {
        let keys = &statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"];
        if !keys.is_null() {
            for key in words(keys) {
                let may = [
                    "*/imports",
                    "active",
                    "*/file/*",
                    "*/settings",
                    "*/programs",
                    "*/key/*",
                    "*/person/*",
                    "due",
                ];
                assert!(may.contains(&key), "{key}");
            }
        }
    }
}

#[test]
fn the_api_tells_by_the_journal_which_import_changed_a_person() {
    let template = Template::read();
    let statements = template.statements("ApiFunction");
    let may = |action, of: &dyn Fn(&Value) -> bool| {
        statements.iter().any(|statement| words(&statement["Action"]).contains(&action) && of(statement))
    };
    let journal =
        |statement: &Value| words(&statement["Resource"]).iter().any(|of| of.ends_with("/journal/*"));
    assert!(may("s3:GetObject", &journal));
    assert!(!may("s3:PutObject", &journal));
    let imports = |statement: &Value| {
        let keys = &statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"];
        !keys.is_null() && words(keys).contains(&"*/imports")
    };
    assert!(may("dynamodb:BatchGetItem", &imports));
}

#[test]
fn passwords_are_sealed_by_check_and_opened_by_apply_alone() {
    let template = Template::read();
    for function in FUNCTIONS {
        let actions: Vec<&str> = template
            .statements(function)
            .into_iter()
            .filter(|statement| words(&statement["Resource"]).contains(&"PasswordKey.Arn"))
            .flat_map(|statement| words(&statement["Action"]))
            .collect();
        let expected: &[&str] = match function {
            "CheckFunction" => &["kms:GenerateDataKey"],
            "ApplyFunction" => &["kms:Decrypt"],
            _ => &[],
        };
        assert_eq!(actions, expected, "{function}");
    }
}

#[test]
fn buckets_are_encrypted_private_versioned_and_expire() {
    let template = Template::read();
    let buckets = template.resources("AWS::S3::Bucket");
    assert!(!buckets.is_empty());
    for (name, bucket) in buckets {
        let encryption = &bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"][0];
        assert!(encryption["ServerSideEncryptionByDefault"]["SSEAlgorithm"].is_string(), "{name}");
        let block = bucket["PublicAccessBlockConfiguration"].as_mapping().unwrap();
        assert!(block.len() == 4 && block.values().all(|on| on.as_bool() == Some(true)), "{name}");
        assert_eq!(bucket["VersioningConfiguration"]["Status"], "Enabled", "{name}");
        let rules = list(&bucket["LifecycleConfiguration"]["Rules"]);
        assert!(rules.iter().any(|rule| !rule["NoncurrentVersionExpiration"].is_null()), "{name}");
        assert!(rules.iter().any(|rule| !rule["AbortIncompleteMultipartUpload"].is_null()), "{name}");
    }
}

#[test]
fn what_holds_personal_data_is_under_the_products_own_key() {
    let template = Template::read();
    let bucket = template.resources("AWS::S3::Bucket")["Bucket"];
    let encryption = &bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"][0];
    let key = &encryption["ServerSideEncryptionByDefault"];
    assert_eq!((&key["SSEAlgorithm"], &key["KMSMasterKeyID"]), (&"aws:kms".into(), &"Key.Arn".into()));
    let table = template.resources("AWS::DynamoDB::Table")["Table"];
    assert_eq!(table["SSESpecification"]["KMSMasterKeyId"], "Key.Arn");
    assert_eq!(template.resources("AWS::SQS::Queue")["DeadLetters"]["KmsMasterKeyId"], "Key.Arn");
}

#[test]
fn buckets_refuse_what_is_not_tls() {
    let template = Template::read();
    let policies = template.resources("AWS::S3::BucketPolicy");
    for bucket in template.resources("AWS::S3::Bucket").keys() {
        let policy = policies.values().find(|policy| policy["Bucket"] == *bucket).unwrap();
        let refused = list(&policy["PolicyDocument"]["Statement"]).into_iter().any(|statement| {
            statement["Effect"] == "Deny" && statement["Condition"]["Bool"]["aws:SecureTransport"] == false
        });
        assert!(refused, "{bucket}");
    }
}

#[test]
fn every_stage_of_an_imports_objects_expires() {
    let template = Template::read();
    let bucket = template.resources("AWS::S3::Bucket")["Bucket"];
    let rules = list(&bucket["LifecycleConfiguration"]["Rules"]);
    for stage in
        ["drops/", "requested/", "exports/", "uploads/", "checked/", "confirmed/", "journal/", "results/"]
    {
        let rule = rules.iter().find(|rule| rule["Prefix"] == stage);
        assert!(rule.is_some_and(|rule| rule["ExpirationInDays"].is_u64()), "{stage} is kept for ever");
    }
}

#[test]
fn the_page_may_upload_and_fetch_what_it_shows() {
    let template = Template::read();
    let cors = &template.resources("AWS::S3::Bucket")["Bucket"]["CorsConfiguration"]["CorsRules"][0];
    let methods: Vec<&str> =
        list(&cors["AllowedMethods"]).into_iter().filter_map(|method| method.as_str()).collect();
    assert_eq!(methods, ["GET", "PUT"]);
    assert!(words(&cors["AllowedHeaders"]).contains(&"x-amz-checksum-sha256"), "the checksum of each part");
}

#[test]
fn an_upload_in_parts_is_looked_after_by_those_who_may_and_is_not_kept() {
    let template = Template::read();
    let actions_on_uploads = |function| -> Vec<&str> {
        let of_uploads = |resource: &str| resource.ends_with("/uploads/*/roster");
        template
            .statements(function)
            .into_iter()
            .filter(|statement| words(&statement["Resource"]).into_iter().any(of_uploads))
            .flat_map(|statement| words(&statement["Action"]))
            .collect()
    };
    // To begin an upload, to send a part and to complete it are all `PutObject`.
    let api = ["s3:ListMultipartUploadParts", "s3:AbortMultipartUpload", "s3:PutObject"];
    assert_eq!(actions_on_uploads("ApiFunction"), api);
    assert_eq!(actions_on_uploads("SweepFunction"), ["s3:AbortMultipartUpload"]);
    let bucket = template.resources("AWS::S3::Bucket")["Bucket"];
    let rules = list(&bucket["LifecycleConfiguration"]["Rules"]);
    let days =
        rules.iter().find_map(|rule| rule["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"].as_u64());
    // The sweep leaves a resting upload for a day.
    assert_eq!(days, Some(2));
}

#[test]
fn storage_events_start_check_and_apply() {
    let template = Template::read();
    let bucket = template.resources("AWS::S3::Bucket")["Bucket"];
    let events: BTreeMap<&str, &str> = list(&bucket["NotificationConfiguration"]["LambdaConfigurations"])
        .into_iter()
        .map(|event| {
            let prefix = event["Filter"]["S3Key"]["Rules"][0]["Value"].as_str().unwrap();
            (prefix, event["Function"].as_str().unwrap())
        })
        .collect();
    let (check, apply) = ("CheckFunction.Arn", "ApplyFunction.Arn");
    assert_eq!(
        events,
        [("confirmed/", apply), ("drops/", check), ("requested/", check), ("uploads/", check)].into()
    );
}

#[test]
fn an_event_that_fails_for_good_is_kept() {
    let template = Template::read();
    let functions = template.resources("AWS::Serverless::Function");
    for (name, function) in functions.iter().filter(|(name, _)| **name != "ApiFunction") {
        let invocation = &function["EventInvokeConfig"];
        assert_eq!(invocation["MaximumRetryAttempts"], 2, "{name}");
        assert_eq!(invocation["DestinationConfig"]["OnFailure"]["Destination"], "DeadLetters.Arn", "{name}");
        let allowed = template.statements(name).into_iter().any(|statement| {
            statement["Action"] == "sqs:SendMessage" && statement["Resource"] == "DeadLetters.Arn"
        });
        assert!(allowed, "{name} may not hand its failures over");
    }
}

#[test]
fn one_invite_runs_at_a_time() {
    let template = Template::read();
    let functions = template.resources("AWS::Serverless::Function");
    assert_eq!(functions["InviteFunction"]["ReservedConcurrentExecutions"], 1);
}

#[test]
fn every_log_ends() {
    let template = Template::read();
    for (name, log) in template.resources("AWS::Logs::LogGroup") {
        assert!(!log["RetentionInDays"].is_null(), "{name} is kept for ever");
    }
}
