using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Candor.EndToEnd.Tests.Stack;
using Candor.Local;

namespace Candor.EndToEnd.Tests;

/// <summary>A command stands for an image: whatever it starts is probed, balanced and ended as a pod.</summary>
public sealed class OwnServiceTests
{
    [Fact]
    public async Task Command_that_stands_for_an_image_runs_as_a_pod_and_another_one_rolls_out()
    {
        var assembly = Repository.Build("app/Orders", "Candor.Orders.dll");
        await using var stack = await RunningStack.StartAsync(
            await RunningStack.SmallPlanAsync(), 4, change: options =>
                options with { Programs = Programs($"dotnet {Quoted.Word(assembly)}") });
        using (var answer = await stack.Http.GetAsync("/orders?limit=1"))
        {
            await stack.ExpectAsync(HttpStatusCode.OK, answer);
        }

        var before = (await stack.StatusAsync()).Pods.Where(pod => pod.Workload == "orders").Select(pod => pod.Name).ToList();

        var changes = await stack.Client.ApplyAsync(stack.Plan, Programs($"env NOTHING=new dotnet {Quoted.Word(assembly)}"));

        Assert.Contains("rolls to a new template", changes, StringComparison.Ordinal);
        await stack.UntilHealthyAsync();
        // What is asked in a wrong way is answered, and ends nothing.
        Assert.Contains("cannot parse", await AskAsync(stack, "no request"), StringComparison.Ordinal);
        Assert.Contains(
            "The stack keeps running, but 'apply' failed",
            await AskAsync(stack, "{\"verb\":\"apply\",\"plan\":\"/proc/self/mem/nowhere\"}"),
            StringComparison.Ordinal);
        await stack.UntilHealthyAsync();
        await stack.UntilAsync(status => !status.Pods.Any(pod => before.Contains(pod.Name)), "the pods of the command before are gone");
    }

    private static async Task<string> AskAsync(RunningStack stack, string request)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(new StateFolder(stack.Options.StateDirectory).ControlSocket));
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request + "\n"));
        using var reader = new StreamReader(stream);
        return (string?)JsonNode.Parse(await reader.ReadLineAsync() ?? "null")?["error"] ?? string.Empty;
    }

    private static Dictionary<string, LocalProgram> Programs(string command) => new() { ["orders"] = LocalProgram.ByCommand(command) };
}
