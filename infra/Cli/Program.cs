using Candor.Cli;
using Candor.Cli.Parsing;

return await CommandLine.RunAsync(args, CliContext.FromProcess());
