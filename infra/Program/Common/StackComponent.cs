using Pulumi;

namespace Candor.Program.Common;

/// <summary>A component of the stack. Its resources stand below it.</summary>
public abstract class StackComponent(string kind, string name, Resource? parent)
    : ComponentResource($"candor:{kind}", name, new ComponentResourceOptions { Parent = parent });
