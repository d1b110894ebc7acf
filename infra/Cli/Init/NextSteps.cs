using System.Text;
using Candor.Contract;

namespace Candor.Cli.Init;

/// <summary>What is left to do after <c>./candor init</c>: two lines in the app, and the commands.</summary>
internal static class NextSteps
{
    private static readonly (string Kind, string Package, string Method)[] Drivers =
    [
        (DependencyKind.Postgres, "Candor.Health.Postgres", "AddCandorPostgres"),
        (DependencyKind.Redis, "Candor.Health.Redis", "AddCandorRedis"),
        (DependencyKind.RabbitMq, "Candor.Health.RabbitMq", "AddCandorRabbitMq"),
    ];

    internal static string Of(FoundService service, InitFiles files, string stackOption)
    {
        var text = new StringBuilder("Next:\n");
        if (service.Project is { } project)
        {
            App(text, service, files, project);
        }
        else
        {
            text.Append($"  - Let the service answer {service.Contract.Paths.Readiness}, {service.Contract.Paths.Liveness} and {service.Contract.Paths.Startup} on port {service.Port}:\n    200 for yes, 503 for no.\n");
        }

        return text.Append($"""
              - ./candor up{stackOption}   runs it on this machine, at http://127.0.0.1:8000
              - ./candor contract {files.Development} --explain   says what was assumed
              - ./candor lint {files.Production}   once the examples in Pulumi.{files.Production}.yaml are yours

            """).ToString();
    }

    private static void App(StringBuilder text, FoundService service, InitFiles files, string project)
    {
        var drivers = Drivers.Where(driver => service.Dependencies.Any(dependency => dependency.Kind == driver.Kind)).ToList();
        var packages = drivers.Count > 0 ? drivers.Select(driver => driver.Package) : ["Candor.Health"];
        text.Append($"  - ./candor pack, then in {Path.GetDirectoryName(project)}:\n");
        foreach (var package in packages)
        {
            text.Append($"        dotnet add package {package}\n");
        }

        text.Append($"    and in {Path.GetFileName(project)}'s Program.cs:\n");
        text.Append(files.ContractIsBesideTheApp
            ? "        builder.AddCandor(ContractJson.Parse(File.ReadAllText(\"contract.json\"), \"contract.json\"));\n"
            : $"        builder.AddCandor(new HealthContract {{ {Inline(service)} }});\n");
        foreach (var driver in drivers)
        {
            text.Append($"        builder.Services.{driver.Method}();\n");
        }

        text.Append("        app.MapCandor();\n");
        foreach (var dependency in service.Dependencies.Where(dependency => !DependencyKind.Known.Contains(dependency.Kind)))
        {
            text.Append($"    The kind {dependency.Kind} has no check of ours: services.AddDependencyKind<T>() (docs/library/Candor.Health.md).\n");
        }
    }

    private static string Inline(FoundService service)
    {
        var defaults = new HealthContract();
        var contract = service.Contract;
        var parts = new List<string>();
        if (contract.Port != defaults.Port)
        {
            parts.Add($"Port = {contract.Port}");
        }

        if (contract.Dependencies.Count > 0)
        {
            parts.Add($"Dependencies = [{string.Join(", ", contract.Dependencies.Select(Inline))}]");
        }

        return string.Join(", ", parts);
    }

    private static string Inline(Dependency dependency) =>
        $"new() {{ Name = \"{dependency.Name}\", Kind = \"{dependency.Kind}\""
        + (dependency.Importance == DependencyImportance.Soft ? ", Importance = DependencyImportance.Soft" : string.Empty)
        + (dependency.Port is { } port ? $", Port = {port}" : string.Empty) + " }";
}
