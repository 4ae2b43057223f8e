declare module "virtual:programs" {
  const programs: { name: string; title: string; description: string }[];
  export default programs;
}
