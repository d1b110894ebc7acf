using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;
using Candor.Health.Tests.Hosting;
using Candor.Health.Tests.Orders;
using Candor.Testing.Processes;

namespace Candor.Health.Tests.Library;

/// <summary>
/// What the pages in docs/library say is done word for word, outside the tree, with the packages: their commands are run, their programs
/// built and probed.
/// </summary>
[Collection(OrdersTests.Name)]
public sealed partial class LibraryPagesTests(OrdersServers servers, PackageFeed feed) : IClassFixture<PackageFeed>
{
    [Theory]
    [InlineData("Candor.Health")]
    [InlineData("Candor.Health.Postgres")]
    [InlineData("Candor.Health.Redis")]
    [InlineData("Candor.Health.RabbitMq")]
    public async Task Page_of_a_package_makes_an_app_that_is_ready(string package)
    {
        var page = await PageAsync(package);
        var folder = feed.NewFolder();
        await feed.RunAsync("bash", ["-ec", page.Commands], folder);
        var app = Directory.GetDirectories(folder).Single();
        foreach (var program in new[] { page.First, page.Program }.Distinct())
        {
            await File.WriteAllTextAsync(Path.Combine(app, "Program.cs"), program);
            await feed.RunAsync("dotnet", ["build", "-warnaserror", "-v", "quiet"], app);
        }

        // As `dotnet run` would: the launch settings of the template give it an address of its own, and Development.
        var own = Address().Match(await File.ReadAllTextAsync(Path.Combine(app, "Properties", "launchSettings.json"))).Value;
        await using var process = feed.Start("dotnet", [Path.Combine("bin", "Debug", "net10.0", "shop.dll")], app, new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ASPNETCORE_URLS"] = own,
            ["Candor__DynamicPorts"] = "true",
            ["ConnectionStrings__database"] = servers.Postgres.ConnectionString(),
            ["ConnectionStrings__cache"] = servers.Redis.ConnectionString(),
            ["ConnectionStrings__queue"] = servers.RabbitMq.ConnectionString(),
        });
        await Eventually.TrueAsync(() => Listening(process).Count >= 3 || process.HasExited, "the app listens");
        Assert.False(process.HasExited, process.Output);
        var addresses = Listening(process);
        using var client = new HttpClient();

        await Eventually.TrueAsync(async () => (await client.GetAsync(new Uri(addresses[0] + "/health"))).StatusCode == HttpStatusCode.OK, "it is ready");
        var health = await client.GetStringAsync(new Uri(addresses[0] + "/health"));
        Assert.DoesNotContain("degraded", health, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri(addresses[0] + "/healthz"))).StatusCode);
        Assert.Contains("candor_health_ready 1", await client.GetStringAsync(new Uri(addresses[1] + "/metrics")), StringComparison.Ordinal);
        Assert.Equal("hello", await client.GetStringAsync(new Uri(addresses[0] + "/")));
        Assert.Equal("hello", await client.GetStringAsync(new Uri(own + "/")));
    }

    [Fact]
    public async Task Page_of_the_contract_makes_a_program_that_ends_well()
    {
        var page = await PageAsync("Candor.Contract");
        var folder = feed.NewFolder();
        await feed.RunAsync("bash", ["-ec", page.Commands], folder);
        var app = Directory.GetDirectories(folder).Single();
        await File.WriteAllTextAsync(Path.Combine(app, "Program.cs"), page.Program);

        Assert.Equal("", (await feed.RunAsync("dotnet", ["run"], app)).Trim());
    }

    [Fact]
    public void Package_says_what_it_is_and_brings_readme_and_symbols()
    {
        var files = Directory.GetFiles(feed.Packages).Select(file => Path.GetFileName(file)!).ToList();
        foreach (var package in new[] { "Candor.Contract", "Candor.Health", "Candor.Health.Postgres", "Candor.Health.Redis", "Candor.Health.RabbitMq" })
        {
            Assert.Single(files, file => Regex.IsMatch(file, $@"^{Regex.Escape(package)}\.\d+\.\d+\.\d+\.snupkg$"));
            var name = Assert.Single(files, file => Regex.IsMatch(file, $@"^{Regex.Escape(package)}\.\d+\.\d+\.\d+\.nupkg$"));
            using var archive = ZipFile.OpenRead(Path.Combine(feed.Packages, name));
            using var reader = new StreamReader(archive.Entries.Single(entry => entry.Name == package + ".nuspec").Open());
            var specification = reader.ReadToEnd();

            Assert.Contains(archive.Entries, entry => entry.FullName == "README.md");
            Assert.Contains(archive.Entries, entry => entry.FullName == $"lib/net10.0/{package}.xml");
            Assert.All(
                ["<authors>Candor contributors</authors>", "<readme>README.md</readme>", "type=\"expression\">Apache-2.0<", "<tags>", "<description>"],
                text => Assert.Contains(text, specification, StringComparison.Ordinal));
        }
    }

    private static List<string> Listening(TestProcess process) =>
        [.. process.Lines.Select(line => Now().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value)];

    private static async Task<(string Commands, string Program, string First)> PageAsync(string package)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(PackageFeed.Root, "docs", "library", package + ".md"));
        var blocks = Block().Matches(text).Select(match => (Language: match.Groups[1].Value, Text: match.Groups[2].Value)).ToList();
        // Each whole program is built; the last one, which needs every command of the page, is run.
        var programs = blocks.Where(block => block.Language == "csharp" && block.Text.StartsWith("using ", StringComparison.Ordinal)).Select(block => block.Text).ToList();
        var program = programs[^1];

        // Further blocks are lines for the same program.
        foreach (var line in blocks.Where(block => block.Language == "csharp").Select(block => block.Text).Where(line => line.StartsWith("app.", StringComparison.Ordinal)))
        {
            program = program.Replace("app.MapCandor();", line + "app.MapCandor();", StringComparison.Ordinal);
        }

        return (string.Concat(blocks.Where(block => block.Language == "bash").Select(block => block.Text)), program, programs[0]);
    }

    [GeneratedRegex("^```(\\w+)\\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("Now listening on: (\\S+)")]
    private static partial Regex Now();

    [GeneratedRegex("http://localhost:\\d+")]
    private static partial Regex Address();
}
