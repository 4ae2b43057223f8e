// What of the program `retail` both rivals can say of a column without code of our own: that it is required, that its
// values are unique, that they are addresses, or of a list.

export const ADDRESS = "^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$";

export const COLUMNS = [
  { key: "Email", address: true, unique: true },
  { key: "StudentFirstName", required: true },
  { key: "StudentLastName", required: true },
  { key: "Address1StreetAddress1" },
  { key: "Address1City" },
  { key: "Address1State" },
  { key: "Address1Zip" },
  { key: "Address1Country", required: true },
  { key: "Phone1Number" },
  { key: "ParentEmail", address: true },
  { key: "ParentFirstName" },
  { key: "ParentLastName" },
  {
    key: "ClientType",
    values: [
      "Student",
      "Parent or guardian of student",
      "Working professional",
      "Educator or admissions officer",
    ],
  },
  { key: "StudentType" },
  { key: "PSOId" },
  { key: "CanContact", required: true, values: ["TRUE", "FALSE"] },
];
