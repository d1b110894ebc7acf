using System.Collections.Concurrent;
using Candor.Chaos.Catalogue;
using Candor.Chaos.Injection;
using Candor.Chaos.Running;
using Candor.Contract;
using Candor.Local;
using Candor.Planning;
using Candor.Testing.Network;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Candor.Chaos.Tests.Toy;

/// <summary>A service of which everything is known: what its users get and what it says of itself are set, each by itself.</summary>
internal sealed class ToyService : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Guid, string> _orders = new();
    private readonly List<WebApplication> _replicas = [];
    private readonly List<int> _ports = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("candor-toy-").FullName;
    private int _healthAsked;

    /// <summary>What users get.</summary>
    public Func<string, ToyAnswer> Users { get; set; } = _ => ToyAnswer.Right;

    /// <summary>What health says: code and body, for the how many-th question to which replica.</summary>
    public Func<int, int, (int Code, string Body)> Health { get; set; } = (_, _) => Ready;

    /// <summary>What liveness answers.</summary>
    public int Liveness { get; set; } = 200;

    public static (int, string) Ready => (200, """{"status":"ready","ready":true,"reason":null,"checks":{}}""");

    public static (int, string) Down(string check, string reason) =>
        (503, $$$"""{"status":"not-ready","ready":false,"reason":"{{{reason}}}","checks":{"{{{check}}}":{"status":"unhealthy","reason":"{{{reason}}}"},"other":{"status":"healthy","reason":null} } }""");

    public static async Task<ToyService> StartAsync(int replicas = 2)
    {
        var toy = new ToyService();
        for (var i = 0; i < replicas; i++)
        {
            await toy.StartReplicaAsync(i);
        }

        return toy;
    }

    /// <summary>The toy as something that can be measured.</summary>
    public SystemUnderTest System()
    {
        const double Speed = 10;
        var contract = OrdersContract.Default.Scale(Speed);
        return new()
        {
            Kind = ServiceKind.Orders,
            Url = new($"http://127.0.0.1:{_ports[0]}"),
            Contract = contract,
            Timeline = ContractTimeline.Of(OrdersContract.Default, RolloutShape.Default).Scale(Speed),
            Speed = Speed,
            Status = _ => Task.FromResult(Status()),
            Site = new(LocalTarget.Client(_folder), new() { Project = "toy", Stack = "toy", Resources = [], Outputs = PlanValue.EmptyObject }, Speed, new(Path.Combine(_folder, "journal.json")), TimeProvider.System),
        };
    }

    /// <summary>Where its journal is.</summary>
    public string Journal => Path.Combine(_folder, "journal.json");

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in _replicas)
        {
            await replica.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private LocalStatus Status() => new()
    {
        Stack = "toy",
        Supervisor = 1,
        StartedAt = TimeProvider.System.GetUtcNow(),
        Speed = 10,
        Healthy = true,
        Urls = [],
        Workloads = [],
        Pods = [.. _ports.Select((port, index) => new LocalPod
        {
            Name = $"toy-{index}", Workload = "orders", Address = "127.0.0.1", Ports = new Dictionary<string, int> { ["http"] = port }, ProcessId = Environment.ProcessId,
            Phase = "Running", Ready = true, Restarts = 0, LastExitCode = null, StartedAt = DateTimeOffset.UnixEpoch.AddSeconds(index), Reason = string.Empty, Log = string.Empty,
        })],
        Targets = [.. _ports.Select((port, index) => new LocalTargetHealth { TargetGroup = "toy", Pod = $"toy-{index}", Endpoint = $"127.0.0.1:{port}", State = TargetState.Healthy, Reason = string.Empty, Requests = 0 })],
    };

    private async Task StartReplicaAsync(int number)
    {
        var builder = WebApplication.CreateSlimBuilder();
        var port = FreePort.Next();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var app = builder.Build();
        app.MapGet("/health", (HttpContext context) =>
        {
            var (code, body) = Health(number, Interlocked.Increment(ref _healthAsked));
            context.Response.StatusCode = code;
            return Results.Text(body, "application/json", null, code);
        });
        app.MapGet("/healthz", () => Results.StatusCode(Liveness));
        app.MapPost("/orders", async (HttpRequest request) => await AnswerAsync(Operations.Place, async () =>
        {
            var order = await request.ReadFromJsonAsync<ToyOrder>();
            var id = Guid.CreateVersion7();
            _orders[id] = order!.Item;
            return Results.Created((string?)null, new { id, order.Item, order.Quantity });
        }));
        app.MapGet("/orders/{id}", async (Guid id) => await AnswerAsync(Operations.Read, () => Task.FromResult(Results.Ok(new { id, item = _orders[id], quantity = 1 }))));
        app.MapGet("/orders", async () => await AnswerAsync(Operations.List, () => Task.FromResult(Results.Ok(_orders.Take(5).Select(order => new { id = order.Key, item = order.Value })))));
        await app.StartAsync();
        _replicas.Add(app);
        _ports.Add(port);
    }

    private async Task<IResult> AnswerAsync(string operation, Func<Task<IResult>> right)
    {
        switch (Users(operation))
        {
            case ToyAnswer.Refused:
                return Results.StatusCode(503);
            case ToyAnswer.Wrong:
                return operation == Operations.Place ? Results.Created((string?)null, new { id = Guid.NewGuid(), item = "another", quantity = 1 }) : Results.Ok(new { id = Guid.NewGuid(), item = "another" });
            case ToyAnswer.Slow:
                await Task.Delay(TimeSpan.FromMilliseconds(700), TimeProvider.System);
                return await right();
            default:
                return await right();
        }
    }

    private sealed record ToyOrder(string Item, int Quantity);
}

/// <summary>What a user of the toy gets.</summary>
internal enum ToyAnswer
{
    Right,
    Refused,

    /// <summary>A success that holds something else.</summary>
    Wrong,
    Slow,
}

/// <summary>What a test does to the toy.</summary>
internal sealed record Toying(Action Do, Action Undo) : Inject
{
    public override string Undone => "as before";

    public override Task DoAsync(Site site, CancellationToken cancellationToken)
    {
        Do();
        return Task.CompletedTask;
    }

    public override Task UndoAsync(Site site, CancellationToken cancellationToken)
    {
        Undo();
        return Task.CompletedTask;
    }
}
