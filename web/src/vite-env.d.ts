declare module "virtual:programs" {
  const programs: {
    name: string;
    title: string;
    description: string;
    passwords: boolean;
    importable: boolean;
  }[];
  export default programs;
}

declare module "virtual:values" {
  const values: Record<string, import("./people/editing").EditableValue[]>;
  export default values;
}
