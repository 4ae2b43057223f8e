"""Looks up and writes new people one after another, as a plain script would.

Usage: boto3_loop.py TABLE_URL ROWS; prints people a second.
"""

import hashlib
import sys
import time

import boto3

table = boto3.resource(
    "dynamodb",
    endpoint_url=sys.argv[1],
    region_name="us-east-1",
    aws_access_key_id="embedded",
    aws_secret_access_key="embedded-secret",
).Table("rollcall")
rows = int(sys.argv[2])


def key(kind: str, value: str) -> dict[str, str]:
    digest = hashlib.sha256(value.encode()).hexdigest()
    return {"pk": f"loop/key/{kind}/{digest}", "sk": "key"}


began = time.perf_counter()
for row in range(rows):
    email = f"student.number{row}@example.com"
    keys = [key("email", email), key("name-address", f"given{row} family{row} {row} main street 02108")]
    person = hashlib.sha256(email.encode()).hexdigest()[:32]
    if any("Item" in table.get_item(Key=wanted, ConsistentRead=True) for wanted in keys):
        continue
    absent = "attribute_not_exists(pk)"
    attributes = {
        "email": email,
        "firstName": f"Given{row}",
        "lastName": f"Family{row}",
        "street1": f"{row} Main Street",
        "postalCode": "02108",
        "country": "United States",
        "phone": f"617555{row % 10_000:04}",
        "clientType": "Student",
        "studentType": "High school student",
    }
    item = {"pk": f"loop/person/{person[0]}", "sk": person, "id": person, "attributes": attributes}
    table.put_item(Item=item, ConditionExpression=absent)
    for wanted in keys:
        table.put_item(Item={**wanted, "person": person}, ConditionExpression=absent)
print(rows / (time.perf_counter() - began))
